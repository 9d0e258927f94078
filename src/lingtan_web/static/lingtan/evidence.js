// Files dropped into the box, photographs, progress. Without this script the same form is sent plainly.
const MEGABYTE = 1048576;

function showChosen(form) {
  const list = form.querySelector(".chosen");
  list.replaceChildren();
  for (const file of form.querySelector("input[name=files]").files) {
    const line = document.createElement("li");
    const name = document.createElement("span");
    const size = document.createElement("span");
    name.textContent = file.name;
    size.textContent = `${Math.max(file.size / MEGABYTE, 0.01).toFixed(2)} MB`;
    size.className = "figure";
    line.append(name, size);
    list.append(line);
  }
}

function addFiles(form, files) {
  const input = form.querySelector("input[name=files]");
  const all = new DataTransfer();
  for (const file of [...input.files, ...files]) all.items.add(file);
  input.files = all.files;
  showChosen(form);
}

function showAnswer(form, request) {
  const address = new URL(request.responseURL);
  if (request.status < 300 && address.pathname !== new URL(form.action).pathname) {
    window.location.assign(request.responseURL);
    return;
  }
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const faults = page.querySelector(".faults");
  const here = form.querySelector(".faults-here");
  here.replaceChildren(...(faults ? [document.importNode(faults, true)] : []));
  settle(form, faults ? "" : form.dataset.failed);
  here.scrollIntoView({ block: "nearest" });
}

function settle(form, said) {
  form.querySelector("progress").hidden = true;
  form.querySelector("[data-said]").textContent = said;
  form.querySelector(".actions button").disabled = false;
}

function send(form) {
  const request = new XMLHttpRequest();
  const bar = form.querySelector("progress");
  const said = form.querySelector("[data-said]");
  bar.hidden = false;
  bar.value = 0;
  said.textContent = form.dataset.sending;
  form.querySelector(".actions button").disabled = true;
  request.upload.addEventListener("progress", (event) => {
    bar.value = event.lengthComputable ? (100 * event.loaded) / event.total : 0;
  });
  request.upload.addEventListener("load", () => { said.textContent = form.dataset.checking; bar.removeAttribute("value"); });
  request.addEventListener("load", () => showAnswer(form, request));
  request.addEventListener("error", () => settle(form, form.dataset.failed));
  request.open("POST", form.action);
  request.send(new FormData(form));
}

for (const form of document.querySelectorAll("form[data-upload]")) {
  const box = form.querySelector("[data-drop]");
  form.querySelector("input[name=files]").addEventListener("change", () => showChosen(form));
  form.querySelector("[data-camera]").addEventListener("change", (event) => {
    addFiles(form, event.target.files);
    event.target.value = "";
  });
  for (const name of ["dragenter", "dragover"]) box.addEventListener(name, (event) => { event.preventDefault(); box.classList.add("over"); });
  for (const name of ["dragleave", "drop"]) box.addEventListener(name, () => box.classList.remove("over"));
  box.addEventListener("drop", (event) => { event.preventDefault(); addFiles(form, event.dataTransfer.files); });
  form.addEventListener("submit", (event) => { event.preventDefault(); send(form); });
}
