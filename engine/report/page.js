/* Sorting and filtering of the table of leads; without it the page is the same, only still. */
"use strict";
(function () {
  var table = document.getElementById("index"), body = table.tBodies[0];
  var heads = Array.from(table.tHead.rows[0].cells), rows = Array.from(body.rows);
  var place = document.getElementById("filter"), say = document.createElement("output");
  var folded = rows.map(function (row) {
    return fold(row.textContent + " " + section(row).textContent);
  });
  var selects = [];

  function fold(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  }
  function section(row) {
    return document.getElementById(row.querySelector("a").getAttribute("href").slice(1));
  }
  function labelled(text, control) {
    var label = document.createElement("label");
    label.append(text, control);
    place.append(label);
    return control;
  }
  function choose(head, column) {
    var select = document.createElement("select"), seen = new Set();
    rows.forEach(function (row) {
      row.cells[column].textContent.trim().split("; ").forEach(function (word) {
        if (word) seen.add(word);
      });
    });
    select.add(new Option(place.dataset.all, ""));
    Array.from(seen).sort().forEach(function (word) { select.add(new Option(word)); });
    select.addEventListener("change", filter);
    selects.push({ select: select, column: column });
    labelled(head.textContent, select);
  }
  function fits(row) {
    return selects.every(function (one) {
      var cell = row.cells[one.column].textContent.trim().split("; ");
      return !one.select.value || cell.indexOf(one.select.value) >= 0;
    });
  }
  function filter() {
    var words = fold(find.value).split(/\s+/), n = 0;
    rows.forEach(function (row, i) {
      var shown = fits(row) && words.every(function (word) { return folded[i].indexOf(word) >= 0; });
      row.hidden = section(row).hidden = !shown;
      n += shown;
    });
    say.textContent = place.dataset.say.replace("{n}", n).replace("{m}", rows.length);
  }
  function sort(head, column) {
    var up = head.getAttribute("aria-sort") !== "ascending", number = head.dataset.s === "n";
    var order = rows.map(function (row, i) {
      var text = row.cells[column].textContent.trim();
      return { row: row, i: i, key: number ? parseFloat(text) : text };
    });
    order.sort(function (a, b) {
      var less = number ? a.key - b.key : a.key.localeCompare(b.key);
      return (up ? less : -less) || a.i - b.i;
    });
    heads.forEach(function (other) { other.setAttribute("aria-sort", "none"); });
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    body.append.apply(body, order.map(function (one) { return one.row; }));
  }

  var find = labelled(place.dataset.find, document.createElement("input"));
  find.type = "search";
  find.addEventListener("input", filter);
  heads.forEach(function (head, column) {
    if ("f" in head.dataset) choose(head, column);
    var button = document.createElement("button");
    button.type = "button";
    button.append.apply(button, Array.from(head.childNodes));
    button.addEventListener("click", function () { sort(head, column); });
    head.append(button);
    head.setAttribute("aria-sort", "none");
  });
  place.append(say);
  say.setAttribute("aria-live", "polite");
  place.hidden = false;
  filter();
})();
