// Fields of a question are picked from the registers an indicator rests on, and written into the list of fields.
for (const form of document.querySelectorAll("[data-fields]")) {
  const pick = form.querySelector(".pick");
  if (!pick) continue;
  const [register, row, column] = ["register", "row", "column"].map((name) => form.querySelector(`[data-${name}]`));
  const list = form.querySelector("textarea[name=fields]");
  const fill = () => {
    const offered = form.querySelector(`template[data-of="${CSS.escape(register.value)}"]`).content;
    row.replaceChildren(...[...offered.querySelector("[data-rows]").options].map((one) => one.cloneNode(true)));
    column.replaceChildren(...[...offered.querySelector("[data-columns]").options].map((one) => one.cloneNode(true)));
    if (row.options.length > 1) row.selectedIndex = 1;
    settle();
  };
  const settle = () => { column.disabled = row.value === "+"; };
  register.addEventListener("change", fill);
  row.addEventListener("change", settle);
  form.querySelector("[data-add]").addEventListener("click", () => {
    const field = `${register.value}[${row.value}]` + (column.value && !column.disabled ? `.${column.value}` : "");
    const lines = list.value.split("\n").filter((line) => line.trim());
    if (!lines.includes(field)) lines.push(field);
    list.value = lines.join("\n");
  });
  fill();
  pick.hidden = false;
}
