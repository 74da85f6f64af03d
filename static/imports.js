// The upload zone: says which file was chosen. Without this file the form works all the same.
(function () {
  "use strict";

  document.querySelectorAll(".drop input[type=file]").forEach(function (box) {
    var zone = box.closest(".drop");
    box.addEventListener("change", function () {
      var file = box.files[0];
      zone.querySelector(".picked").textContent = file ? "已选择 " + file.name : "";
    });
    ["dragenter", "dragover", "dragleave", "drop"].forEach(function (name) {
      zone.addEventListener(name, function () {
        zone.classList.toggle("over", name === "dragenter" || name === "dragover");
      });
    });
  });
})();
