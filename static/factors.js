// Boxes that one choice alone needs. Without this file every box is there.
(function () {
  "use strict";

  var parts = document.querySelectorAll("[data-only-for]");

  function arrange() {
    parts.forEach(function (part) {
      var chosen = document.getElementById(part.dataset.onlyFor).value;
      var faulty = part.querySelector(".err") !== null;
      part.hidden = chosen !== part.dataset.onlyValue && !faulty;
    });
  }

  document.addEventListener("change", arrange);
  arrange();
})();
