# SPDX-License-Identifier: Apache-2.0
#
# page.awk - prints a page of this project, written in Markdown, as a manual page
# (-v form=man -v name=NAME) or as HTML to be printed (-v form=html).  Called by the
# build; so each page has one source.  Knows what our pages use: headings, paragraphs,
# lists, tables, code, `code`, **strong**, *emphasis* and links.

function man_plain(s) {
	gsub(/\\/, "\\e", s)
	while (match(s, /\[[^]]*\]\([^)]*\)/)) {
		link = substr(s, RSTART, RLENGTH)
		word = address = link
		sub(/^\[/, "", word); sub(/\]\(.*/, "", word)
		sub(/^[^(]*\(/, "", address); sub(/\)$/, "", address)
		s = substr(s, 1, RSTART - 1) word " (" address ")" substr(s, RSTART + RLENGTH)
	}
	s = paired(s, "\\*\\*[^*]+\\*\\*", 2, "\\fB", "\\fR")
	return paired(s, "\\*[^* ][^*]*\\*", 1, "\\fI", "\\fR")
}

function html_plain(s) {
	s = html_escape(s)
	while (match(s, /\[[^]]*\]\([^)]*\)/)) {
		link = substr(s, RSTART, RLENGTH)
		word = address = link
		sub(/^\[/, "", word); sub(/\]\(.*/, "", word)
		sub(/^[^(]*\(/, "", address); sub(/\)$/, "", address)
		s = substr(s, 1, RSTART - 1) "<a href=\"" address "\">" word "</a>" \
			substr(s, RSTART + RLENGTH)
	}
	s = paired(s, "\\*\\*[^*]+\\*\\*", 2, "<strong>", "</strong>")
	return paired(s, "\\*[^* ][^*]*\\*", 1, "<em>", "</em>")
}

# What stands between two marks of 'size' characters, between other marks.
function paired(s, pattern, size, open, close_) {
	while (match(s, pattern))
		s = substr(s, 1, RSTART - 1) open \
			substr(s, RSTART + size, RLENGTH - 2 * size) close_ \
			substr(s, RSTART + RLENGTH)
	return s
}

function html_escape(s) {
	gsub(/&/, "\\&amp;", s)
	gsub(/</, "\\&lt;", s)
	gsub(/>/, "\\&gt;", s)
	return s
}

function man_code(s) {
	gsub(/\\/, "\\e", s)
	gsub(/-/, "\\-", s)
	return s
}

# A line: every second piece between backticks is code.
function inline(s,   pieces, n, i, out) {
	n = split(s, pieces, "`")
	out = ""
	for (i = 1; i <= n; i++)
		if (form == "man")
			out = out (i % 2 ? man_plain(pieces[i]) : "\\fB" man_code(pieces[i]) "\\fR")
		else
			out = out (i % 2 ? html_plain(pieces[i]) \
				: "<code>" html_escape(pieces[i]) "</code>")
	if (form == "man")
		sub(/^[.']/, "\\\\\\&&", out)
	return out
}

# The same as lines of troff, which takes a sentence a line.
function lines(s) {
	s = inline(s)
	while (match(s, /[.?!)] +[A-Z]/))
		s = substr(s, 1, RSTART) "\n" substr(s, RSTART + RLENGTH - 1)
	return s
}

# The argument of a troff macro; in quotes, so that no word of it is a macro.
function argument(s) {
	s = inline(s)
	gsub(/"/, "\\(dq", s)
	return "\"" s "\""
}

function end_block() {
	if (block == "item" || block == "number")
		print form == "man" ? ".El" : "</li></" (block == "item" ? "ul" : "ol") ">"
	else if (block == "table")
		print form == "man" ? ".El" : "</table>"
	else if (block == "paragraph" && form != "man")
		print "</p>"
	else if (block == "code")
		print form == "man" ? ".Ed" : "</pre>"
	block = ""
}

function begin(kind) {
	if (block == kind)
		return
	end_block()
	block = kind
	if (form == "man" && !fresh && kind == "paragraph")
		print ".Pp"
	if (kind == "paragraph" && form != "man")
		print "<p>"
	else if (kind == "item" || kind == "number")
		print form == "man" ? ".Bl -" (kind == "item" ? "bullet" : "enum") \
			: (kind == "item" ? "<ul>" : "<ol>")
	else if (kind == "table") {
		rows = 0
		print form == "man" ? ".Bl -tag -width Ds" : "<table>"
	} else if (kind == "code")
		print form == "man" ? ".Bd -literal" : "<pre>"
	fresh = 0
	items = 0
}

function heading(level, s) {
	end_block()
	fresh = 1
	if (form == "man")
		print level == 2 ? ".Sh " argument(toupper(s)) : ".Ss " argument(s)
	else
		print "<h" level ">" inline(s) "</h" level ">"
}

# "# Title" opens the page.
function title(s) {
	if (form == "man") {
		print ".\\\" Made from the page's Markdown by docs/page.awk."
		print ".Dd January 1, 2026\n.Dt " toupper(name) " 7\n.Os\n.Sh NAME"
		print ".Nm " name "\n.Nd " inline(s)
		print ".Sh DESCRIPTION"
		fresh = 1
		return
	}
	print "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">"
	print "<title>" html_escape(s) "</title>\n<style>"
	print "body { font-family: sans-serif; max-width: 50em; margin: 2em auto; line-height: 1.5 }"
	print "table { border-collapse: collapse; width: 100% }"
	print "td, th { border: 1px solid #999; padding: .3em .5em; text-align: left; vertical-align: top }"
	print "pre { background: #f4f4f4; padding: .5em; white-space: pre-wrap }"
	print "@media print { body { max-width: none; margin: 0; font-size: 10pt } tr, pre { break-inside: avoid }"
	print "h2, h3 { break-after: avoid } }"
	print "</style>\n</head>\n<body>\n<h1>" inline(s) "</h1>"
}

# "| a | b |": a vertical bar inside backticks parts no cells.
function cells_of(s, into,   n, i, c, code, cell) {
	sub(/^\| */, "", s)
	sub(/ *\| *$/, "", s)
	n = 1
	cell = ""
	for (i = 1; i <= length(s); i++) {
		c = substr(s, i, 1)
		if (c == "`")
			code = !code
		if (c == "|" && !code) {
			into[n++] = trimmed(cell)
			cell = ""
		} else
			cell = cell c
	}
	into[n] = trimmed(cell)
	return n
}

function trimmed(s) {
	sub(/^ +/, "", s)
	sub(/ +$/, "", s)
	return s
}

function table_row(s,   cells, n, i) {
	n = cells_of(s, cells)
	if (form != "man") {
		printf "<tr>"
		for (i = 1; i <= n; i++)
			printf rows ? "<td>%s</td>" : "<th>%s</th>", inline(cells[i])
		print "</tr>"
	} else if (rows == 0)
		for (i = 1; i <= n; i++)
			heads[i] = cells[i]
	else {
		print ".It " argument(cells[1])
		for (i = 2; i <= n; i++)
			if (cells[i] != "")
				print (n > 2 && heads[i] != "" ? "\\fI" inline(heads[i]) "\\fR: " : "") \
					(n > 2 ? inside(cells[i]) : lines(cells[i])) \
					(i < n ? "\n.br" : "")
	}
	rows++
}

# A text that does not begin its line.
function inside(s) {
	s = lines(s)
	sub(/^\\&/, "", s)
	return s
}

fenced {
	if (/^```/) {
		fenced = 0
		end_block()
	} else if (form == "man") {
		s = man_code($0)
		sub(/^[.']/, "\\\\\\&&", s)
		print s
	} else
		print html_escape($0)
	next
}
/^```/ { begin("code"); fenced = 1; next }
/^    / && block != "item" && block != "number" {
	begin("code")
	s = substr($0, 5)
	print form == "man" ? man_code(s) : html_escape(s)
	next
}
/^# / { title(substr($0, 3)); next }
/^## / { heading(2, substr($0, 4)); next }
/^### / { heading(3, substr($0, 5)); next }
/^<!--/ { next }
/^\|[ -]*-[-| :]*\|$/ { next }
/^\|/ { begin("table"); table_row($0); next }
/^- / || /^[0-9]+\. / {
	begin(/^-/ ? "item" : "number")
	if (form == "man")
		print ".It"
	else
		print (items ? "</li>" : "") "<li>"
	items = 1
	sub(/^(- |[0-9]+\. )/, "")
	print form == "man" ? lines($0) : inline($0)
	next
}
/^ *$/ { end_block(); next }
{
	if (block != "item" && block != "number")
		begin("paragraph")
	print form == "man" ? lines(trimmed($0)) : inline(trimmed($0))
}
END {
	end_block()
	if (form == "man")
		print ".Sh SEE ALSO\n.Xr renkei 1 ,\n.Xr renkei.conf 5"
	else
		print "</body>\n</html>"
}
