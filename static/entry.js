// The entry form and the reviewer's answer: shows only the boxes that the choice needs.
// Without this file every box is there and every button works.
(function () {
  "use strict";

  function show(part, wanted) {
    part.hidden = !wanted;
    part.querySelectorAll("input, textarea").forEach(function (box) {
      box.disabled = !wanted;
    });
  }

  // A box with an error stays, whatever is chosen: it has to be mended.
  function needed(part, wanted) {
    return wanted || part.hasAttribute("data-keep");
  }

  function row(element, acts) {
    var kind = element.querySelector("select").value;
    var amount = element.querySelector("[data-part=amount]");
    var licence = element.querySelector("[data-part=licence]");
    var money = needed(amount, !kind || acts.dataset.amountKinds.split(" ").includes(kind));
    var paper = needed(licence, acts.dataset.licenceKinds.split(" ").includes(kind));
    show(amount, money);
    show(licence, paper);
    element.querySelector("[data-part=none]").hidden = money || paper;
  }

  // 整改期限 belongs to an order to correct: chosen in a row, ticked, or the paper itself.
  function deadline(act, acts) {
    var part = act.querySelector("[data-part=correct_by]");
    var kinds = Array.from(act.querySelectorAll("[data-disposition] select"));
    var tick = act.querySelector("input[type=checkbox]");
    var ordered = kinds.some(function (kind) { return kind.value === acts.dataset.orderKind; });
    var isOrder = !kinds.length && !tick;
    var faulty = part.querySelector(".err") !== null;
    show(part, isOrder || ordered || faulty || Boolean(tick && tick.checked));
  }

  // The reason is asked where the law catalogue warns; what was written stays in sight.
  function reason(act) {
    var part = act.querySelector("[data-part=reason]");
    if (!part) return;
    var warned = act.querySelector(".warned") !== null;
    show(part, needed(part, warned || part.querySelector("textarea").value !== ""));
  }

  function arrange() {
    var acts = document.getElementById("acts");
    if (acts) {
      acts.querySelectorAll("[data-disposition]").forEach(function (element) { row(element, acts); });
      acts.querySelectorAll(".vio").forEach(function (act) {
        deadline(act, acts);
        reason(act);
      });
    }
    var verdict = document.querySelector("#verdict-form input[name=verdict]:checked");
    if (verdict) {
      document.querySelectorAll("[data-verdict]").forEach(function (part) {
        part.hidden = part.dataset.verdict !== verdict.value;
      });
      document.querySelector("[data-verdict-button]").textContent = verdict.dataset.button;
    }
  }

  // Suggestions: arrows move between the box and what fits it, Escape puts them away.
  document.addEventListener("keydown", function (event) {
    var part = event.target.closest("[data-suggest]");
    if (!part) return;
    var stops = Array.from(part.querySelectorAll("input, .sugg-one"));
    var step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape" && stops.length > 1) {
      stops[0].focus();
      part.querySelector(".sugg-at").replaceChildren();
    } else if (step && stops.length > 1) {
      event.preventDefault();
      stops[(stops.indexOf(event.target) + step + stops.length) % stops.length].focus();
    }
  });

  document.addEventListener("change", arrange);
  document.addEventListener("htmx:afterSettle", arrange);
  arrange();
})();
