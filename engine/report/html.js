/* Sorting and filtering of the table of leads; without it the page is the same, only still. With it
   each row is laid out by itself (class on), so that rows that are not seen cost nothing. */
"use strict";
(function () {
  var table = document.getElementById("index"), body = table.tBodies[0];
  var heads = Array.from(table.tHead.rows[0].cells);
  var titles = heads.map(function (head) { return head.textContent; });
  var place = document.getElementById("filter"), say = document.createElement("output");
  var collator = new Intl.Collator(document.documentElement.lang), selects = [], waiting = 0;
  var leads = Array.from(body.rows).map(function (row) {
    var href = row.querySelector("a").getAttribute("href");
    var section = document.getElementById(href.slice(1));
    return {
      row: row, section: section, shown: true,
      cells: Array.from(row.cells, function (cell) { return cell.textContent.trim(); }),
      text: fold(row.textContent + " " + section.textContent)
    };
  });

  function fold(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  }
  function words(lead, column) {
    return lead.cells[column].split("; ");
  }
  function labelled(text, control) {
    var label = document.createElement("label");
    label.append(text, control);
    place.append(label);
    return control;
  }
  function choose(head, column) {
    var select = document.createElement("select"), seen = new Set();
    leads.forEach(function (lead) {
      words(lead, column).forEach(function (word) { if (word) seen.add(word); });
    });
    select.add(new Option(place.dataset.all, ""));
    Array.from(seen).sort(collator.compare).forEach(function (word) {
      select.add(new Option(word));
    });
    select.addEventListener("change", filter);
    selects.push({ select: select, column: column });
    labelled(head.textContent, select);
  }
  function filter() {
    var wanted = fold(find.value).split(/\s+/), n = 0;
    waiting = 0;
    leads.forEach(function (lead) {
      var shown = selects.every(function (one) {
        return !one.select.value || words(lead, one.column).indexOf(one.select.value) >= 0;
      }) && wanted.every(function (word) { return lead.text.indexOf(word) >= 0; });
      n += shown;
      if (shown !== lead.shown) lead.shown = !(lead.row.hidden = lead.section.hidden = !shown);
    });
    say.textContent = place.dataset.say.replace("{n}", n).replace("{m}", leads.length);
  }
  /* While somebody types, once a picture. */
  function filterSoon() {
    if (!waiting) waiting = requestAnimationFrame(filter);
  }
  function sort(head, column) {
    var up = head.getAttribute("aria-sort") !== "ascending", number = head.dataset.s === "n";
    var rows = document.createDocumentFragment();
    leads.map(function (lead, i) {
      var text = lead.cells[column];
      return { row: lead.row, i: i, key: number ? parseFloat(text.replace(",", ".")) : text };
    }).sort(function (a, b) {
      var less = number ? a.key - b.key : collator.compare(a.key, b.key);
      return (up ? less : -less) || a.i - b.i;
    }).forEach(function (one) { rows.append(one.row); });
    heads.forEach(function (other) { other.setAttribute("aria-sort", "none"); });
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    body.append(rows);
  }
  /* Rows that are no longer those of a table say what they are, and so do cells on a phone. */
  function spread() {
    table.setAttribute("role", "table");
    [table.tHead, body].forEach(function (group) { group.setAttribute("role", "rowgroup"); });
    Array.from(table.rows).forEach(function (row) {
      row.setAttribute("role", "row");
      Array.from(row.cells).forEach(function (cell, column) {
        cell.setAttribute("role", cell.tagName === "TH" ? "columnheader" : "cell");
        cell.dataset.l = titles[column];
      });
    });
    table.classList.add("on");
  }

  var find = labelled(place.dataset.find, document.createElement("input"));
  find.type = "search";
  find.addEventListener("input", filterSoon);
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
  spread();
  filter();
})();
