// placebook preview adds this to the pages that it serves; no file of the book holds it.
(() => {
  "use strict";
  const shown = document.currentScript.dataset.page;
  const key = `placebook-preview:${location.pathname}`;

  // ---- where the reader stood: beside which part of the page, and what was open
  const parts = () => [...document.querySelectorAll("main [id]")];
  const details = () => [...document.querySelectorAll("details")];
  const stand = () => {
    const above = parts().filter((part) => part.getClientRects().length && part.getBoundingClientRect().top <= 90).pop();
    sessionStorage.setItem(key, JSON.stringify({
      part: above ? above.id : "",
      from: above ? above.getBoundingClientRect().top : 0,
      y: scrollY,
      open: details().flatMap((one, number) => (one.open ? [number] : [])),
    }));
  };
  const stood = sessionStorage.getItem(key);
  if (stood) {
    sessionStorage.removeItem(key);
    history.scrollRestoration = "manual";
    addEventListener("load", () => {
      const { part, from, y, open } = JSON.parse(stood);
      details().forEach((one, number) => { one.open = open.includes(number); });
      const again = part && document.getElementById(part);
      const to = again ? scrollY + again.getBoundingClientRect().top - from : y;
      document.documentElement.style.scrollBehavior = "auto"; // at once
      scrollTo(0, to);
    });
  }

  // ---- what is wrong, over the last good page: as text, whatever it says
  const host = document.createElement("div");
  host.id = "placebook-preview";
  host.setAttribute("role", "alert");
  const root = host.attachShadow({ mode: "open" });
  const style = document.createElement("style");
  style.textContent = `
    div { position: fixed; inset: auto 0 0 0; max-height: 60vh; overflow: auto; z-index: 2147483647; padding: 1rem 1.25rem;
      font: 1rem/1.5 system-ui, sans-serif; color: #111; background: #fff4f2; border-top: 4px solid #b3261e; }
    p { margin: .25rem 0; white-space: pre-wrap; overflow-wrap: anywhere; } strong { display: block; }
    code { font-weight: bold; } .remedy { padding-left: 1rem; }
    span { position: fixed; right: .75rem; bottom: .75rem; z-index: 2147483647; padding: .2rem .7rem;
      font: .9rem/1.5 system-ui, sans-serif; color: #fff; background: #333; border-radius: 1rem; }
    @media print { div, span { display: none; } }`;
  const line = (name, text, kind = "") => {
    const made = document.createElement(name);
    made.textContent = text;
    made.className = kind;
    return made;
  };
  const show = (problems, note) => {
    const made = [style];
    if (problems.length) {
      const all = line("div", "");
      const many = problems.length === 1 ? "One thing is" : `${problems.length} things are`;
      all.append(line("strong", `${many} wrong: what is saved is not on this page.`));
      for (const { where, what, remedy } of problems) {
        const told = line("p", "");
        if (where) told.append(line("code", where), " ");
        told.append(what);
        all.append(told);
        if (remedy) all.append(line("p", `→ ${remedy}`, "remedy"));
      }
      made.push(all);
    }
    if (note) made.push(line("span", note));
    root.replaceChildren(...made);
    if (!host.isConnected && (problems.length || note)) document.body.append(host);
    if (host.isConnected && !problems.length && !note) host.remove();
  };

  let problems = [];
  const news = new EventSource(`/-/events?page=${encodeURIComponent(location.pathname)}`);
  news.onmessage = (event) => {
    const told = JSON.parse(event.data);
    problems = told.problems;
    if (told.page && told.page !== shown) {
      news.close();
      stand();
      location.reload();
      return;
    }
    show(problems, told.building ? "Building …" : "");
  };
  news.onerror = () => show(problems, "The preview has ended, or cannot be reached.");
  addEventListener("pagehide", () => {
    news.close();
    history.scrollRestoration = "auto"; // not sooner: the browser would go by it after us
  });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
})();
