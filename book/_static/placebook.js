/* The reader's choice of light or dark on pages that have no switch of their own. */
(function () {
  "use strict";
  var root = document.documentElement;
  if (root.dataset.theme) return;
  var mode = null;
  try { mode = localStorage.getItem("mode"); } catch (error) { /* nothing is kept for this reader */ }
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  function set() { root.dataset.theme = mode === "dark" || mode === "light" ? mode : dark.matches ? "dark" : "light"; }
  set();
  dark.addEventListener("change", set);
})();

/* Tables that a reader may sort. Without this script they are plain tables in the book's own order. */
(function () {
  "use strict";

  // A cell's number: by data-sort in a column that has it, else the first that is written; null where there is none.
  function numberOf(cell, ordered) {
    if (ordered) return cell.hasAttribute("data-sort") ? Number(cell.getAttribute("data-sort")) : null;
    var found = cell.textContent.replace(/,/g, "").match(/[\u2212-]?\d+(\.\d+)?/);
    return found ? Number(found[0].replace("\u2212", "-")) : null;
  }

  // The first column and columns of words are sorted as words; cells without a number stay last either way.
  function keyOf(row, column, kind) {
    var cell = row.cells[column];
    return kind === "words" ? cell.textContent.trim() : numberOf(cell, kind === "ordered");
  }

  function compare(one, other, down) {
    if (one === null || other === null) return (one === null) - (other === null);
    var order = typeof one === "string" ? one.localeCompare(other, "en-GB") : one - other;
    return down ? -order : order;
  }

  function sort(table, heads, rows, column, state, kind) {
    heads.forEach(function (head, at) {
      if (at === column && state !== "none") head.setAttribute("aria-sort", state);
      else head.removeAttribute("aria-sort");
    });
    var order = rows.slice();
    if (state !== "none") {
      var down = state === "descending";
      order.sort(function (a, b) { return compare(keyOf(a, column, kind), keyOf(b, column, kind), down); });
    }
    order.forEach(function (row) { table.tBodies[0].appendChild(row); });
  }

  function prepare(table) {
    if (table.hasAttribute("data-prepared")) return;
    table.setAttribute("data-prepared", "");
    var plain = !table.classList.contains("pb-sortable");
    var heads = Array.prototype.slice.call(table.tHead.rows[0].cells);
    var rows = Array.prototype.slice.call(table.tBodies[0].rows);
    heads.forEach(function (head, column) {
      var words = column === 0 || rows.every(function (row) { return row.cells[column].classList.contains("pb-w"); });
      var ordered = rows.some(function (row) { return row.cells[column].hasAttribute("data-sort"); });
      if (column > 0 && !plain && !ordered) return;
      // A second press turns the order round, a third brings the book's own back.
      var states = words ? ["ascending", "descending", "none"] : ["descending", "ascending", "none"];
      var button = document.createElement("button");
      button.type = "button";
      button.className = "pb-sort";
      while (head.firstChild) button.appendChild(head.firstChild);
      head.appendChild(button);
      button.addEventListener("click", function () {
        var now = states.indexOf(head.getAttribute("aria-sort") || "none");
        sort(table, heads, rows, column, states[(now + 1) % states.length], words ? "words" : ordered ? "ordered" : "written");
      });
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    Array.prototype.forEach.call(document.querySelectorAll("table.pb-sortable"), prepare);
    // Tables behind figures are prepared when they are opened: there are some thousands of cells on a page.
    document.addEventListener("toggle", function (event) {
      if (event.target.open) Array.prototype.forEach.call(event.target.querySelectorAll(".pb-table"), function (table) {
        // Rows of different measures have no order by size.
        if (table.tBodies[0].rows.length > 2 && !table.querySelector("th[data-label]")) prepare(table);
      });
    }, true);
  });
})();

/* Finding one's way: what a link leads to is open, another place's page opens at the same section, "Back" goes where one was. */
(function () {
  "use strict";

  // A link may lead into a part that is closed.
  function reveal() {
    var target = null;
    try { target = document.getElementById(decodeURIComponent(location.hash.slice(1))); } catch (error) { return; }
    for (var part = target; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
    if (target && target.closest("details")) target.scrollIntoView();
  }

  // The section that a reader of a place's page sees, without the page's own name: "broxbourne-people" is "people".
  function sectionInView(page) {
    var found = "";
    Array.prototype.forEach.call(document.querySelectorAll("article section > section[id]"), function (section) {
      if (section.parentElement.parentElement.tagName === "SECTION") return;
      if (section.getBoundingClientRect().top < window.innerHeight / 3 && section.id.indexOf(page + "-") === 0) {
        found = section.id.slice(page.length + 1);
      }
    });
    return found;
  }

  function nameOf(address) {
    var found = /\/places\/([a-z0-9-]+)\.html$/.exec(address);
    return found ? found[1] : "";
  }

  // From one place to the other at the same section; where the other page has none such, a browser shows its beginning.
  function keepSection(event) {
    var link = event.target.closest ? event.target.closest("nav.bd-docs-nav a[href]") : null;
    var here = nameOf(location.pathname), there = link ? nameOf(link.pathname) : "";
    if (!here || !there || here === there) return;
    var section = sectionInView(here);
    link.hash = section ? there + "-" + section : "";
  }

  // An evidence page that was opened from the place's page leads back to the very line that was left.
  function goBack(event) {
    var link = event.target.closest ? event.target.closest("a.pb-back") : null;
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    var from = document.createElement("a");
    from.href = document.referrer;
    if (history.length < 2 || from.host !== location.host || from.pathname !== link.pathname) return;
    event.preventDefault();
    history.back();
  }

  document.addEventListener("DOMContentLoaded", reveal);
  window.addEventListener("hashchange", reveal);
  document.addEventListener("click", keepSection, true);
  document.addEventListener("auxclick", keepSection, true);
  document.addEventListener("click", goBack);
})();

/* Two places side by side: of the tables of all places the columns of two. Nothing is written but as text. */
(function () {
  "use strict";
  var NAME = "[a-z0-9]+(?:-[a-z0-9]+)*";
  var ADDRESS = new RegExp("^#(" + NAME + ")&(" + NAME + ")$");

  function make(kind, text, parent) {
    var element = document.createElement(kind);
    element.textContent = text;
    parent.appendChild(element);
    return element;
  }

  function prepare(box) {
    var tables = Array.prototype.slice.call(box.querySelectorAll("table"));
    var heads = tables.length ? Array.prototype.slice.call(tables[0].tHead.rows[0].cells) : [];
    var places = heads.filter(function (head) { return head.hasAttribute("data-label"); }).map(function (head) {
      return { slug: head.getAttribute("data-label"), name: head.textContent, column: head.cellIndex };
    });
    if (places.length < 2) return;

    var form = document.createElement("form");
    form.className = "pb-choose";
    var choices = ["Set", "beside"].map(function (words, at) {
      var label = make("label", words + " ", form), select = document.createElement("select");
      label.appendChild(select);
      make("option", at ? "another place" : "one place", select).value = "";
      places.forEach(function (place) { make("option", place.name, select).value = place.slug; });
      select.addEventListener("change", function () { choose(at); });
      return select;
    });
    var said = make("p", "", form);
    said.setAttribute("role", "status");
    box.insertBefore(form, box.firstChild);

    function known(slug) { return places.filter(function (place) { return place.slug === slug; })[0]; }

    // The two places that the address names; null for any other address.
    function asked() {
      var found = ADDRESS.exec(location.hash), pair = found ? [known(found[1]), known(found[2])] : [];
      return pair[0] && pair[1] && pair[0] !== pair[1] ? pair : null;
    }

    function choose(changed) {
      if (choices[0].value === choices[1].value) choices[1 - changed].value = "";
      var one = choices[0].value, other = choices[1].value;
      if (one && other) location.hash = "#" + one + "&" + other;
      else if (asked()) history.replaceState(null, "", location.pathname + location.search);
      show();
    }

    function show() {
      var pair = asked();
      tables.forEach(function (table) {
        Array.prototype.forEach.call(table.rows, function (row) {
          places.forEach(function (place) { row.cells[place.column].hidden = !!pair && pair.indexOf(place) < 0; });
        });
      });
      Array.prototype.forEach.call(box.querySelectorAll("details"), function (part) { part.open = !!pair; });
      box.classList.toggle("pb-pair", !!pair);
      said.textContent = pair ? pair[0].name + " beside " + pair[1].name + ", with England." : "";
      if (pair) pair.forEach(function (place, at) { choices[at].value = place.slug; });
    }

    window.addEventListener("hashchange", function () { if (asked()) show(); });
    show();
  }

  document.addEventListener("DOMContentLoaded", function () {
    Array.prototype.forEach.call(document.querySelectorAll(".pb-two"), prepare);
  });
})();

/* Search answers with the sections of a page that hold the words, each with the line that does. */
(function () {
  "use strict";
  var LINES = "tr, li, p, dt, dd, figcaption, caption, summary, h2, h3, h4, text";
  var MOST = 4, LONG = 200;

  // As a reader sees it: cells and lines apart, without what only a screen reader hears.
  function wordsOf(element) {
    if (element.tagName === "TR") return Array.prototype.map.call(element.cells, wordsOf).filter(Boolean).join(" · ");
    var parts = [], walk = element.ownerDocument.createTreeWalker(element, 4);
    while (walk.nextNode()) {
      var parent = walk.currentNode.parentElement;
      if (!parent.closest(".pb-vh, .headerlink, script, style")) parts.push(walk.currentNode.data);
    }
    return parts.join(" ").replace(/\s+/g, " ").trim();
  }

  function holds(text, terms) {
    var lower = text.toLowerCase();
    return terms.every(function (forms) { return forms.some(function (form) { return lower.indexOf(form) >= 0; }); });
  }

  function cut(text, forms) {
    var lower = text.toLowerCase(), at = Math.max.apply(null, forms.map(function (form) { return lower.indexOf(form); }));
    var begin = at > LONG / 2 ? text.lastIndexOf(" ", at - LONG / 2) + 1 : 0;
    var end = text.length > begin + LONG ? text.lastIndexOf(" ", begin + LONG) : text.length;
    return (begin ? "… " : "") + text.slice(begin, end) + (end < text.length ? " …" : "");
  }

  // The sections of a page in which one line holds all words: id, title, line.
  function sections(page, terms) {
    var found = [];
    Array.prototype.forEach.call(page.querySelectorAll("article section[id]"), function (section) {
      var lines = Array.prototype.filter.call(section.querySelectorAll(LINES), function (line) {
        return line.closest("section[id]") === section && !line.querySelector(LINES) && holds(wordsOf(line), terms);
      });
      var heading = section.querySelector("h1, h2, h3, h4");
      if (!lines.length || !heading) return;
      var line = lines.filter(function (each) { return !/^h\d$/i.test(each.tagName); })[0] || lines[0];
      var row = line.closest("tr") || line, near = row.closest("[id]");
      found.push({ id: near ? near.id : section.id, title: wordsOf(heading), text: cut(wordsOf(row), terms[0]) });
    });
    return found;
  }

  function answer(htmlText, keywords, plain) {
    var page = new DOMParser().parseFromString(htmlText, "text/html");
    var words = (new URLSearchParams(location.search).get("q") || "").toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);
    var stems = Array.from(keywords);
    var terms = stems.map(function (stem) {
      return [stem].concat(words.filter(function (word) { return word.slice(0, 3) === stem.slice(0, 3); }));
    });
    var found = terms.length ? sections(page, terms) : [];
    if (!found.length) return plain();
    var list = document.createElement("ul");
    list.className = "pb-answers";
    found.slice(0, MOST).forEach(function (each) {
      var item = list.appendChild(document.createElement("li")), link = item.appendChild(document.createElement("a"));
      link.textContent = each.title;
      link.setAttribute("data-id", each.id);
      item.appendChild(document.createElement("span")).textContent = " " + each.text;
    });
    if (found.length > MOST) list.appendChild(document.createElement("li")).textContent = "and " + (found.length - MOST) + " more";
    // The list does not know yet which page it stands below.
    Promise.resolve().then(function () {
      var head = list.parentElement ? list.parentElement.querySelector("a[href]") : null;
      Array.prototype.forEach.call(list.querySelectorAll("a"), function (link) {
        if (head) link.href = head.href.replace(/#.*/, "") + "#" + encodeURIComponent(link.getAttribute("data-id"));
      });
    });
    return list;
  }

  document.addEventListener("DOMContentLoaded", function () {
    if (typeof Search === "undefined" || typeof Scorer === "undefined") return;
    var plain = Search.makeSearchSummary;
    Search.makeSearchSummary = function (htmlText, keywords, anchor) {
      var usual = function () { return plain.call(Search, htmlText, keywords, anchor); };
      return anchor ? usual() : answer(htmlText, keywords, usual);
    };
    // Places come first, then counties and the comparison, then what explains.
    Scorer.score = function (result) {
      return result[4] + (/^book\/places\//.test(result[0]) ? 200 : /^book\/(counties\/|compare)/.test(result[0]) ? 100 : 0);
    };
  });
})();

/* ---- A figure as PNG, made when it is asked for: its pictures below one another, between its title and its source. */
(function () {
  var SVG = "http://www.w3.org/2000/svg", EDGE = 36, LINE = 20, SCALE = 2;

  function lines(text, letters) {
    return text.split(/\s+/).reduce(function (found, word) {
      var last = found.length - 1;
      if (last >= 0 && (found[last] + " " + word).length <= letters) found[last] += " " + word;
      else found.push(word);
      return found;
    }, []);
  }

  function put(parent, kind, given, text) {
    var element = document.createElementNS(SVG, kind);
    Object.keys(given).forEach(function (name) { element.setAttribute(name, given[name]); });
    element.textContent = text || "";
    return parent.appendChild(element);
  }

  // On its own ground and in its own colours, whatever those of the page are.
  function whole(figure) {
    var pictures = figure.querySelectorAll("svg.pb-svg"), y = LINE;
    var wide = Math.max.apply(null, Array.prototype.map.call(pictures, function (svg) { return +svg.getAttribute("width"); })) + 2 * EDGE;
    var root = document.createElementNS(SVG, "svg"), ground = put(root, "rect", { fill: "#ffffff" });
    var title = figure.querySelector(".pb-figure-title strong"), caption = figure.querySelector("figcaption");
    lines(title ? title.textContent : "", (wide - 2 * EDGE) / 9).forEach(function (line) {
      put(root, "text", { x: EDGE, y: y += LINE, "font-family": "sans-serif", "font-size": 15, "font-weight": 700, fill: "#1a1a1a" }, line);
    });
    Array.prototype.forEach.call(pictures, function (svg) {
      var copy = root.appendChild(svg.cloneNode(true));
      copy.setAttribute("x", EDGE);
      copy.setAttribute("overflow", "visible");  // an image has the reader's own typeface, which may be broader than the page's
      copy.setAttribute("y", y += LINE);
      y += +svg.getAttribute("height");
    });
    lines(caption.textContent, (wide - 2 * EDGE) / 6.8).forEach(function (line) {
      put(root, "text", { x: EDGE, y: y += LINE * 0.8, "font-family": "sans-serif", "font-size": 12, fill: "#595959" }, line);
    });
    [root, ground].forEach(function (part) { part.setAttribute("width", wide); part.setAttribute("height", y + LINE); });
    return root;
  }

  function save(figure) {
    var root = whole(figure), image = new Image(), canvas = document.createElement("canvas");
    canvas.width = SCALE * root.getAttribute("width");
    canvas.height = SCALE * root.getAttribute("height");
    image.onload = function () {
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      var link = document.createElement("a");
      link.download = figure.id + ".png";
      link.href = canvas.toDataURL("image/png");
      link.click();
    };
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(new XMLSerializer().serializeToString(root));
  }

  document.addEventListener("DOMContentLoaded", function () {
    Array.prototype.forEach.call(document.querySelectorAll("figure.pb-figure"), function (figure) {
      var list = figure.querySelector(".pb-tools ul");
      if (!list || !figure.querySelector("svg.pb-svg")) return;
      var button = document.createElement("button");
      button.type = "button";
      button.className = "pb-png";
      button.textContent = "Picture (PNG)";
      button.addEventListener("click", function () { save(figure); });
      list.appendChild(document.createElement("li")).appendChild(button);
    });
  });
})();
