// Keyboard and menu. Every page also works without this file.
(function () {
  "use strict";

  var side = document.getElementById("side");
  var opener = document.querySelector("[aria-controls=side]");

  function toggleMenu(open) {
    side.classList.toggle("open", open);
    opener.setAttribute("aria-expanded", String(open));
    (open ? side.querySelector("a") : opener).focus();
  }

  function typing(element) {
    return /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName) || element.isContentEditable;
  }

  if (side && opener) {
    opener.addEventListener("click", function (event) {
      event.stopPropagation();
      toggleMenu(!side.classList.contains("open"));
    });
    document.addEventListener("click", function (event) {
      if (side.classList.contains("open") && !side.contains(event.target)) toggleMenu(false);
    });
  }

  document.addEventListener("keydown", function (event) {
    if (event.key === "/" && !typing(event.target)) {
      var search = document.getElementById("gq");
      if (search) {
        event.preventDefault();
        search.focus();
      }
    } else if (event.key === "Escape" && side && side.classList.contains("open")) {
      toggleMenu(false);
    } else if (event.key === "Enter" && event.ctrlKey) {
      var form = document.querySelector("form[data-ctrl-enter]");
      if (form) {
        event.preventDefault();
        form.requestSubmit(form.querySelector("[data-default]") || undefined);
      }
    }
  });

  document.addEventListener("click", function (event) {
    var button = event.target.closest("button[data-copy], button[data-print]");
    if (!button) return;
    if (button.hasAttribute("data-print")) {
      window.print();
      return;
    }
    navigator.clipboard.writeText(button.dataset.copy).then(function () {
      var said = document.getElementById("said");
      if (said) said.textContent = "已复制 " + button.dataset.copy;
    });
  });

  // A radio card shows which one is chosen, and opens the boxes that it asks for.
  document.addEventListener("change", function (event) {
    if (!event.target.matches(".choice input[type=radio]")) return;
    var asked = document.getElementById(event.target.dataset.opens);
    if (asked) asked.open = true;
    document.querySelectorAll(".choice input[type=radio]").forEach(function (radio) {
      if (radio.name === event.target.name) {
        radio.closest(".choice").classList.toggle("on", radio.checked);
      }
    });
  });

  // The error summary is read first.
  var summary = document.querySelector(".errsum");
  if (summary) summary.focus();

  // A part of the page that could not be fetched: say so, until one is fetched again.
  ["htmx:responseError", "htmx:sendError", "htmx:afterSwap"].forEach(function (name) {
    document.addEventListener(name, function () {
      var note = document.getElementById("not-fresh");
      if (note) note.hidden = name === "htmx:afterSwap";
    });
  });

  // Requests of the page itself (polling) do not keep an idle session alive.
  document.addEventListener("htmx:configRequest", function (event) {
    if (event.detail.elt.closest("[data-background]")) {
      event.detail.headers["X-Background"] = "1";
    }
  });
})();
