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
        if (table.tBodies[0].rows.length > 2) prepare(table);
      });
    }, true);
  });
})();
