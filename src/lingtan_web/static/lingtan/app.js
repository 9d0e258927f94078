// What every page needs: ask before what cannot be taken back; copy a secret; keep the current entry in sight.
document.addEventListener("submit", (event) => {
  const question = event.target.dataset?.ask;
  if (question && !window.confirm(question)) event.preventDefault();
});
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const text = document.getElementById(button.dataset.copy)?.textContent.trim() ?? "";
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = button.dataset.copied;
  } catch { /* the text can still be marked by hand */ }
});
// On a phone the navigation of a park is one line that can be pushed: the current entry is in sight.
document.querySelector(".side a[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
