// What every page needs: ask before what cannot be taken back; copy a secret; show answers of htmx that are faults.
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
