// A form that saves itself: what htmx does not do. The form works without this file.

const AGAIN_AFTER = 15_000;
const line = document.querySelector("#draft");
const form = line?.closest("form");
let unsaved = false;

function trouble(name) {
  const words = document.querySelector(`#draft-troubles [data-trouble="${name}"]`);
  line.replaceChildren(words.cloneNode(true));
  line.firstElementChild.className = "alert alert-warning";
}

// Called when a save has failed; a line that is down is tried again, a refusal is told.
function failed(status) {
  unsaved = true;
  trouble(status && status < 500 ? "refused" : "offline");
  if (!status || status >= 500) setTimeout(() => htmx.trigger(line, "save"), AGAIN_AFTER);
}

if (form) {
  form.addEventListener("input", () => { unsaved = true; });
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt === line) unsaved = false;
  });
  document.body.addEventListener("htmx:sendError", (event) => { if (event.detail.elt === line) failed(0); });
  document.body.addEventListener("htmx:responseError", (event) => {
    if (event.detail.elt === line) failed(event.detail.xhr.status);
  });
  // The same words again are not read out again.
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target !== line) return;
    const page = new DOMParser().parseFromString(event.detail.serverResponse, "text/html");
    if (page.body.textContent.trim() === line.textContent.trim()) event.detail.shouldSwap = false;
  });
  // Files that are in the draft are not sent a second time.
  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt.id === "id_attachments" && event.detail.successful) event.detail.elt.value = "";
  });
  // Whoever leaves within the pause before a save takes it along: sixty kilobytes at most, which is a browser's limit.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden" || !unsaved || form.dataset.sent) return;
    const said = new FormData(form);
    for (const name of ["attachments", "evidence_file", "pasted"]) said.delete(name);
    unsaved = !navigator.sendBeacon(line.getAttribute("hx-post"), said);
  });
  window.addEventListener("online", () => { if (unsaved) htmx.trigger(line, "save"); });
}
