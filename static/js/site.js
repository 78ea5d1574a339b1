// Small conveniences. Every page works without them.

// What asks for the focus when a page arrives: the summary of what is wrong with a form.
const wanted = document.querySelector("[data-focus]");
if (wanted) wanted.focus();

// A second click while the first is on its way sends nothing. Coming back by the browser's arrow undoes it.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});
