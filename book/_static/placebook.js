/* Tables that a reader may sort. Without this script they are plain tables in the book's own order. */
(function () {
  "use strict";

  // Names are sorted as words, other columns by data-sort; cells without one stay last either way.
  function keyOf(row, column) {
    var cell = row.cells[column];
    if (column === 0) return cell.textContent.trim();
    return cell.hasAttribute("data-sort") ? Number(cell.getAttribute("data-sort")) : null;
  }

  function compare(one, other, down) {
    if (one === null || other === null) return (one === null) - (other === null);
    var order = typeof one === "string" ? one.localeCompare(other, "en-GB") : one - other;
    return down ? -order : order;
  }

  function sort(table, heads, rows, column, state) {
    heads.forEach(function (head, at) {
      if (at === column && state !== "none") head.setAttribute("aria-sort", state);
      else head.removeAttribute("aria-sort");
    });
    var order = rows.slice();
    if (state !== "none") {
      var down = state === "descending";
      order.sort(function (a, b) { return compare(keyOf(a, column), keyOf(b, column), down); });
    }
    order.forEach(function (row) { table.tBodies[0].appendChild(row); });
  }

  function prepare(table) {
    var heads = Array.prototype.slice.call(table.tHead.rows[0].cells);
    var rows = Array.prototype.slice.call(table.tBodies[0].rows);
    heads.forEach(function (head, column) {
      var numbers = rows.some(function (row) { return row.cells[column].hasAttribute("data-sort"); });
      if (column > 0 && !numbers) return;
      // A second press turns the order round, a third brings the book's own back.
      var states = column === 0 ? ["ascending", "descending", "none"] : ["descending", "ascending", "none"];
      var button = document.createElement("button");
      button.type = "button";
      button.className = "pb-sort";
      while (head.firstChild) button.appendChild(head.firstChild);
      head.appendChild(button);
      button.addEventListener("click", function () {
        var now = states.indexOf(head.getAttribute("aria-sort") || "none");
        sort(table, heads, rows, column, states[(now + 1) % states.length]);
      });
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    Array.prototype.forEach.call(document.querySelectorAll("table.pb-sortable"), prepare);
  });
})();
