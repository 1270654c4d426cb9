//! Text and tables of a page. All texts of rules pass through [`text`].

use std::fmt::Write;

use crate::markup::escaped;

/// Returns a text as the content of an element or of a quoted attribute. Control characters are
/// written as escapes.
pub(super) fn text(of: &str) -> String {
    escaped(of, |html, c| match c {
        '\'' => html.push_str("&#39;"),
        c if c.is_control() => html.extend(c.escape_default()),
        c => html.push(c),
    })
}

/// Returns the name of a rule, a field or a file. `bdi` keeps its writing direction from the rest of the line.
pub(super) fn name(of: &str) -> String {
    format!("<bdi class=\"name\">{}</bdi>", text(of))
}

/// A section of the page.
pub(super) struct Section {
    /// The id of the section, which is a word.
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    /// A paragraph below the title, as HTML.
    pub(super) lead: String,
    /// The rest, as HTML.
    pub(super) body: String,
}

impl Section {
    pub(super) fn html(&self) -> String {
        let Section { id, title, lead, body } = self;
        format!(
            "<section id=\"{id}\" aria-labelledby=\"{id}-title\">\n<h2 id=\"{id}-title\">{title}</h2>\n\
             <p class=\"lead\">{lead}</p>\n{body}</section>\n"
        )
    }
}

/// Returns the body of a section whose figures have not been measured.
pub(super) fn missing(how: &str) -> String {
    format!("<p class=\"missing\">{how}</p>\n")
}

/// A table whose first column names the rows.
pub(super) struct Table {
    caption: String,
    columns: Vec<Column>,
    rows: String,
}

/// A column of a table with its title.
#[derive(Clone, Copy)]
pub(super) enum Column {
    Text(&'static str),
    Number(&'static str),
    Drawing(&'static str),
}

impl Column {
    fn title(self) -> &'static str {
        let (Column::Text(title) | Column::Number(title) | Column::Drawing(title)) = self;
        title
    }

    fn class(self) -> &'static str {
        match self {
            Column::Text(_) => "text",
            Column::Number(_) => "number",
            Column::Drawing(_) => "drawing",
        }
    }
}

impl Table {
    /// The columns after the first one are given by `columns`.
    pub(super) fn new(caption: &str, first: &'static str, columns: &[Column]) -> Table {
        let columns = [&[Column::Text(first)], columns].concat();
        Table { caption: caption.to_owned(), columns, rows: String::new() }
    }

    /// Appends a row: its name and its other cells, as HTML.
    pub(super) fn row(&mut self, name: &str, cells: &[String]) {
        let label = |column: Column| format!("data-label=\"{}\"", column.title());
        let first = label(self.columns[0]);
        let _ =
            write!(self.rows, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\" {first}>{name}</th>");
        for (column, cell) in self.columns[1..].iter().zip(cells) {
            let (class, label) = (column.class(), label(*column));
            let _ = write!(self.rows, "<td role=\"cell\" class=\"{class}\" {label}>{cell}</td>");
        }
        self.rows.push_str("</tr>\n");
    }

    pub(super) fn html(&self) -> String {
        let Table { caption, columns, rows } = self;
        // A narrow screen shows a row of many numbers as a list, so the roles are written.
        let is_wide = columns.len() > 4 && !columns.iter().any(|column| matches!(column, Column::Drawing(_)));
        let class = if is_wide { "wide" } else { "narrow" };
        let head: String = columns
            .iter()
            .map(|column| format!("<th scope=\"col\" class=\"{}\">{}</th>", column.class(), column.title()))
            .collect();
        format!(
            "<table role=\"table\" class=\"{class}\">\n<caption>{caption}</caption>\n\
             <thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{name, text};

    #[test]
    fn markup_in_texts_is_harmless() {
        assert_eq!(text("<script>alert('x')</script>"), "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
        assert_eq!(text("\"&amp;\u{0}\u{7f}é"), "&quot;&amp;amp;\\u{0}\\u{7f}é");
        assert_eq!(name("a\" onclick=\"b"), "<bdi class=\"name\">a&quot; onclick=&quot;b</bdi>");
    }
}
