# What could be changed in a C source: one line each, tab between: file, line number, kind of change,
# the line as it would read. Knows no C: takes statements as clang-format leaves them, and sees
# neither strings, comments nor directives. What does not compile is for the caller to find out.
BEGIN {
    FS = "\n"
    n = split("<:<= <=:< >:>= >=:> ==:!= !=:== &&:|| ||:&& +:- -:+ *:/ +=:-= -=:+=", pairs, " ")
    for (i = 1; i <= n; i++) {
        split(pairs[i], pair, ":")
        turned[pair[1]] = pair[2]
    }
    turned["<<"] = ">>"
    turned[">>"] = "<<"
}

# The line with strings, characters and comments blanked out, position for position.
function blanked(text,    i, c, out, quote) {
    out = quote = ""
    for (i = 1; i <= length(text); i++) {
        c = substr(text, i, 1)
        if (comment) {
            if (c == "/" && substr(text, i - 1, 1) == "*" && i > 1)
                comment = 0
            c = " "
        } else if (quote != "") {
            if (c == "\\") {
                out = out "_"
                i++
            } else if (c == quote)
                quote = ""
            c = "_"
        } else if (c == "\"" || c == "'") {
            quote = c
            c = "_"
        } else if (c == "/" && substr(text, i + 1, 1) == "*") {
            comment = 1
            out = out " "
            i++
            c = " "
        }
        out = out c
    }
    return out
}

function say(kind, text) {
    print FILENAME "\t" FNR "\t" kind "\t" text
}

function replaced(at, size, by) {
    return substr($0, 1, at - 1) by substr($0, at + size)
}

# Where the parenthesis that opens at a position closes, or 0 if not on this line.
function closing(code, at,    depth, i, c) {
    depth = 0
    for (i = at; i <= length(code); i++) {
        c = substr(code, i, 1)
        depth += (c == "(") - (c == ")")
        if (depth == 0)
            return i
    }
    return 0
}

function operators(code,    at, rest, op, from) {
    from = 1
    while (match(rest = substr(code, from), / [-+*<>=!&|]+ /)) {
        at = from + RSTART
        op = substr(rest, RSTART + 1, RLENGTH - 2)
        if (op in turned)
            say("operator", replaced(at, length(op), turned[op]))
        from = at + length(op)
    }
}

# 1 becomes 2 on even lines, 0 on odd ones; not the size of a buffer, where one more is no change,
# nor the -1 of a split, where every number below 1 says the same.
function constants(code,    at, rest, digits, from, by) {
    if (code ~ /^ +(const |static )*(char|gsize|double|g?u?int[0-9]*) [^=(]*;$/)
        return
    from = 1
    while (match(rest = substr(code, from), /[0-9]+/)) {
        at = from + RSTART - 1
        digits = substr(rest, RSTART, RLENGTH)
        from = at + RLENGTH
        if (substr(code, at - 1, 1) ~ /[A-Za-z0-9_.]/ || substr(code, from, 1) ~ /[A-Za-z0-9_.]/)
            continue
        if (substr(code, at - 1, 1) == "-" && substr(code, 1, at) ~ /g_strsplit(_set)?\([^;]*, -1$/)
            continue
        if (length(digits) > 9 || (length(digits) > 1 && digits ~ /^0/))
            continue
        by = digits + (FNR % 2 && digits > 0 ? -1 : 1)
        say("constant", replaced(at, length(digits), by))
    }
}

function conditions(code,    at, end) {
    if (!match(code, /^ *(\} else )?if \(/) && !match(code, /^ *(if|while) \(/))
        return
    at = RSTART + RLENGTH - 1
    end = closing(code, at)
    if (end)
        say("negated", substr($0, 1, at) "!(" substr($0, at + 1, end - at - 1) ")" substr($0, end))
}

function statements(code) {
    if (code ~ /return TRUE;$/)
        say("return", replaced(length(code) - 4, 4, "FALSE"))
    else if (code ~ /return FALSE;$/)
        say("return", replaced(length(code) - 5, 5, "TRUE"))
    if (before ~ /[;{}:)]$/ && code ~ /^ +(\*|[a-z_]+[^ ]* ?(\(|[-+|&]?= |\+\+|--)).*;$/ &&
        code !~ /^ +(return|for|if|while|else|case|g_auto)/)
        say("dropped", substr($0, 1, match($0, /[^ ]/) - 1) ";")
    else if (code ~ /^ +(continue|break|return);$/)
        say("dropped", substr($0, 1, match($0, /[^ ]/) - 1) ";")
}

FNR == 1 { comment = 0; before = "" }
{
    code = blanked($0)
    sub(/ +$/, "", code)
    if (code ~ /^    / && code !~ /^ *#/) {
        operators(code)
        constants(code)
        conditions(code)
        statements(code)
    }
    if (code != "")
        before = code
}
