// The entry form saves itself as a draft: two seconds after the last change, when the page is left,
// and before it is handed in. Nothing that was typed leaves the page unsaved; where it cannot be
// saved, a note says why and the form stays as it is. Without this file the button remains.
(function () {
  "use strict";

  var form = document.querySelector("form[data-autosave]");
  if (!form) return;

  var PAUSE = 2000;
  var LONGEST = 10000;
  var RETRY = 15000;
  var said = document.getElementById("autosave-said");
  var notes = document.querySelectorAll("[data-not-saved]");
  var changed = false; // something was typed that is not saved
  var handedIn = false; // the form itself is on its way
  var typedSince = 0;
  var timer = null;
  var running = null;
  var broken = null; // ends the request at hand

  function show(outcome) {
    notes.forEach(function (note) {
      note.hidden = note.dataset.notSaved !== outcome;
    });
    if (outcome !== "saved") said.textContent = "";
  }

  function note(outcome) {
    show(outcome);
    var shown = document.querySelector("[data-not-saved]:not([hidden])");
    if (shown) shown.focus();
  }

  function ask(method, leaving) {
    broken = new AbortController();
    var limit = setTimeout(broken.abort.bind(broken), LONGEST);
    var asked = fetch(form.dataset.autosave, {
      method: method,
      body: method === "POST" ? new URLSearchParams(new FormData(form)) : undefined,
      headers: { "HX-Request": "true", "X-Background": "1" },
      keepalive: leaving,
      signal: leaving ? undefined : broken.signal,
    });
    return asked.finally(function () { clearTimeout(limit); });
  }

  // After a new sign-in the page holds the token of the old one.
  function renew() {
    return ask("GET", false).then(function (answer) {
      if (answer.status !== 200) return false;
      return answer.json().then(function (data) {
        document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach(function (box) {
          box.value = data.token;
        });
        document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": data.token }));
        return true;
      });
    });
  }

  function read(answer, again) {
    if (answer.status === 204) return "signed-out";
    if (answer.status === 409) return "other";
    if (answer.status === 403 && !again) {
      return renew().then(function (renewed) {
        if (!renewed) return "failed";
        return ask("POST", false).then(function (second) { return read(second, true); });
      });
    }
    if (answer.status !== 200) return "failed";
    return answer.json().then(function (data) {
      said.textContent = data.said;
      if (location.pathname !== data.page) history.replaceState(null, "", data.page);
      return "saved";
    });
  }

  // One request at a time; resolves to "saved" or to the name of the note that says why not.
  function save() {
    clearTimeout(timer);
    timer = null;
    if (running) return running.then(function () { return changed ? save() : "saved"; });
    changed = false;
    typedSince = 0;
    running = ask("POST", false)
      .then(function (answer) { return read(answer, false); })
      .catch(function () { return "unreachable"; })
      .then(function (outcome) {
        running = null;
        if (outcome !== "saved") {
          changed = true;
          timer = setTimeout(save, RETRY);
        }
        show(outcome);
        return outcome;
      });
    return running;
  }

  function typed() {
    changed = true;
    typedSince = typedSince || Date.now();
    clearTimeout(timer);
    timer = setTimeout(save, Date.now() - typedSince > LONGEST ? 0 : PAUSE);
  }

  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
  form.addEventListener("htmx:afterSettle", function (event) {
    if (event.target.id === "acts") typed();
  });

  form.addEventListener("submit", function (event) {
    if (handedIn) return;
    event.preventDefault();
    var button = event.submitter;
    changed = true;
    save().then(function (outcome) {
      if (outcome !== "saved") {
        note(outcome);
        return;
      }
      handedIn = true;
      form.requestSubmit(button || undefined);
    });
  });

  function leave() {
    if (!changed || handedIn) return;
    if (running) broken.abort();
    ask("POST", true).catch(function () {});
  }

  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) handedIn = false;
  });
  document.addEventListener("visibilitychange", function () {
    if (changed && !handedIn) save();
  });
  window.addEventListener("focus", function () {
    if (changed && !timer && !handedIn) save();
  });

  // The preview must not take the page to the sign-in page while there is something to lose.
  document.addEventListener("htmx:beforeOnLoad", function (event) {
    if (!event.detail.xhr.getResponseHeader("HX-Redirect")) return;
    event.preventDefault();
    typed();
    show("signed-out");
  });
})();
