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
    const live = figure.querySelector(".live");
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
  const passing = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      const link = links.get(entry.target.id);
      if (!link || link === current) continue;
      if (current) current.removeAttribute("aria-current");
      link.setAttribute("aria-current", "true");
      current = link;
    }
  }, { rootMargin: "-10% 0px -80% 0px" });
  links.forEach((_, id) => passing.observe(document.getElementById(id)));

  const status = document.querySelector(".status");
  const hide = () => { status.hidden = true; };
  status.querySelector("button").addEventListener("click", hide);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  document.addEventListener("click", (event) => {
    const number = event.target.closest("[data-path]:not(.status)");
    if (!number) return;
    const exact = number.value || number.textContent;
    status.querySelector("p").textContent =
      `${status.dataset.exact} ${exact} · ${status.dataset.path} ${number.dataset.path}`;
    status.hidden = false;
  });
})();
