"use strict";
(() => {
  const narrow = window.matchMedia("(max-width: 63.99rem)");
  const contents = document.querySelector("nav > details");
  if (contents && narrow.matches) contents.open = false;
  if (contents) {
    contents.addEventListener("click", (event) => {
      if (narrow.matches && event.target.closest("a")) contents.open = false;
    });
  }

  const refuse = () => Promise.reject(new Error("nothing is loaded"));
  const loader = { load: refuse, sanitize: refuse };
  const fonts = getComputedStyle(document.documentElement).getPropertyValue("--fonts").trim();

  async function draw(figure) {
    const live = figure.querySelector(".live > div");
    const spec = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
    spec.config = { ...spec.config, font: fonts, aria: false };
    try {
      await window.vegaEmbed(live, spec, {
        actions: false, ast: true, renderer: "svg", loader, defaultStyle: false,
        tooltip: { disableDefaultStyle: true },
      });
      figure.classList.add("alive");
    } catch (error) {
      live.replaceChildren();
      console.error(error);
    }
  }

  if (window.vegaEmbed) {
    const seen = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        seen.unobserve(entry.target);
        draw(entry.target);
      }
    }, { rootMargin: "400px" });
    document.querySelectorAll("figure").forEach((figure) => seen.observe(figure));
  }

  const links = new Map();
  document.querySelectorAll("nav > details > ul a").forEach((link) => {
    links.set(decodeURIComponent(link.hash.slice(1)), link);
  });
  let current = null;
  const inSight = new Set();
  const mark = (link) => {
    if (!link || link === current) return;
    if (current) current.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    current = link;
  };
  const passing = new IntersectionObserver((entries) => {
    for (const entry of entries) inSight[entry.isIntersecting ? "add" : "delete"](entry.target.id);
    mark([...links].filter(([id]) => inSight.has(id)).map(([, link]) => link).pop());
  }, { root: document, rootMargin: "-5% 0px -80% 0px" });
  links.forEach((_, id) => passing.observe(document.getElementById(id)));

  const status = document.querySelector(".status");
  const hide = () => { status.hidden = true; };
  status.querySelector("button").addEventListener("click", hide);
  const show = (number) => {
    const exact = number.value || number.textContent;
    status.querySelector("p").textContent =
      `${status.dataset.exact} ${exact} · ${status.dataset.path} ${number.dataset.path}`;
    status.hidden = false;
  };
  const findNumber = (event) => event.target.closest("[data-path]:not(.status)");
  document.addEventListener("click", (event) => {
    const number = findNumber(event);
    if (number) show(number);
  });

  // By keyboard: Enter on a table goes to its first number, arrows to the others, Escape back to the table.
  const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  const goTo = (number) => {
    if (!number) return;
    number.tabIndex = -1;
    number.focus();
    show(number);
  };
  document.addEventListener("keydown", (event) => {
    const number = findNumber(event);
    const box = event.target.closest(".box");
    if (event.key === "Escape") {
      hide();
      if (number && box) box.focus();
    } else if (event.key === "Enter" && event.target === box) {
      goTo(box.querySelector("[data-path]"));
    } else if (number && box && STEPS[event.key]) {
      event.preventDefault();
      const all = [...box.querySelectorAll("[data-path]")];
      goTo(all[all.indexOf(number) + STEPS[event.key]]);
    }
  });
})();
