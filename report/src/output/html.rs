//! Figures as one page for people without the program: no script, nothing from elsewhere, light and dark, and on paper.

use super::Answer;
use super::table::{FEW, cell, spaced};
use crate::kpi::{Head, Kind};
use crate::scope::{FOREVER, Scope};
use anyhow::Result;
use std::fmt::Write;
use vitrine_collector::time::{DAY_MS, date};

const STYLE: &str = include_str!("page.css");

/// All figures on one page.
pub fn html(answers: &[Answer]) -> Result<String> {
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>Vitrine report</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>Vitrine report</h1>\n"
    );
    if let Some(first) = answers.first() {
        writeln!(page, "<p>{}</p>", escaped(&asked(&first.scope)))?;
    }
    if answers.len() > 1 {
        page += "<nav aria-label=\"Figures\"><ul>\n";
        for answer in answers {
            let (name, title) = (answer.figure.name, answer.figure.head()?.title);
            writeln!(
                page,
                "<li><a href=\"#{}\">{}</a></li>",
                escaped(name),
                escaped(&title)
            )?;
        }
        page += "</ul></nav>\n";
    }
    for answer in answers {
        section(&mut page, answer)?;
    }
    page += "</main>\n</body>\n</html>\n";
    Ok(page)
}

/// Period and filters, in words.
fn asked(scope: &Scope) -> String {
    let mut words = match (scope.from, scope.to) {
        (0, FOREVER) => "All events".to_owned(),
        (0, to) => format!("Events before {}", moment(to)),
        (from, FOREVER) => format!("Events from {} on", moment(from)),
        (from, to) => format!("Events from {} on, before {}", moment(from), moment(to)),
    };
    for (name, value) in [
        ("site", &scope.site),
        ("video", &scope.video),
        ("segment", &scope.segment),
        ("hotspot", &scope.hotspot),
        ("campaign", &scope.campaign),
        ("device", &scope.device),
        ("variant", &scope.variant),
    ] {
        if !value.is_empty() {
            words += &format!("; {name}: {value}");
        }
    }
    words
}

fn moment(ms: i64) -> String {
    let minutes = ms.rem_euclid(DAY_MS) / 60_000;
    format!("{} {:02}:{:02} UTC", date(ms), minutes / 60, minutes % 60)
}

fn section(page: &mut String, answer: &Answer) -> Result<()> {
    let head = answer.figure.head()?;
    let name = escaped(answer.figure.name);
    writeln!(
        page,
        "<section id=\"{name}\" aria-labelledby=\"{name}-title\">"
    )?;
    writeln!(
        page,
        "<h2 id=\"{name}-title\">{}</h2>",
        escaped(&head.title)
    )?;
    let words = format!("{}; {}; {}", head.unit, head.population, head.window);
    writeln!(page, "<p>{}</p>", escaped(&words))?;
    if !answer.scope.by.is_empty() {
        writeln!(page, "<p>By {}.</p>", escaped(&answer.scope.by))?;
    }
    if answer.frame.rows.is_empty() {
        page.push_str("<p>Nothing in this period with these filters.</p>\n</section>\n");
        return Ok(());
    }
    match answer.frame.rows.len() <= FEW {
        true => columns_down(page, answer, &head, &name),
        false => columns_across(page, answer, &head, &name),
    }?;
    page.push_str("</section>\n");
    Ok(())
}

/// A wide table scrolls by itself; with a keyboard only what takes the focus does.
fn opened(page: &mut String, name: &str) -> Result<()> {
    writeln!(
        page,
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-labelledby=\"{name}-title\">"
    )?;
    Ok(())
}

/// Few rows stand beside each other, with what their columns mean.
fn columns_down(page: &mut String, answer: &Answer, head: &Head, name: &str) -> Result<()> {
    opened(page, name)?;
    page.push_str("<table class=\"few\">\n<tbody>\n");
    for column in &head.columns {
        let name = escaped(&spaced(&column.name));
        write!(page, "<tr><th scope=\"row\">{name}</th>")?;
        for row in 0..answer.frame.rows.len() {
            let text = cell(answer, row, column);
            let long = if text.len() > LONG { " long" } else { "" };
            write!(page, "<td class=\"number{long}\">{}</td>", escaped(&text))?;
        }
        writeln!(
            page,
            "<td class=\"meaning\">{}</td></tr>",
            escaped(&column.words)
        )?;
    }
    page.push_str("</tbody>\n</table></div>\n");
    Ok(())
}

fn columns_across(page: &mut String, answer: &Answer, head: &Head, name: &str) -> Result<()> {
    opened(page, name)?;
    page.push_str("<table>\n<thead><tr>");
    for column in &head.columns {
        writeln!(
            page,
            "<th scope=\"col\"{}>{}</th>",
            side(&column.kind),
            escaped(&spaced(&column.name))
        )?;
    }
    page.push_str("</tr></thead>\n<tbody>\n");
    for row in 0..answer.frame.rows.len() {
        page.push_str("<tr>");
        for column in &head.columns {
            let text = cell(answer, row, column);
            let side = match column.kind {
                Kind::Text if text.len() > LONG => " class=\"long\"",
                _ => side(&column.kind),
            };
            write!(page, "<td{side}>{}</td>", escaped(&text))?;
        }
        page.push_str("</tr>\n");
    }
    page.push_str(
        "</tbody>\n</table></div>\n<details><summary>What the columns mean</summary><dl>\n",
    );
    for column in &head.columns {
        writeln!(
            page,
            "<dt>{}</dt><dd>{}</dd>",
            escaped(&spaced(&column.name)),
            escaped(&column.words)
        )?;
    }
    page.push_str("</dl></details>\n");
    Ok(())
}

/// Longer texts take several lines.
const LONG: usize = 40;

fn side(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text => "",
        _ => " class=\"number\"",
    }
}

/// What events say is anybody's text.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::find;
    use crate::frame::{Frame, Value};

    fn answer(dimension: &str) -> Answer {
        let figure = find("overview").unwrap();
        let frame = Frame {
            columns: ["dimension", "impressions", "clicked_views", "ctr"]
                .map(String::from)
                .to_vec(),
            rows: vec![vec![
                Value::Text(dimension.to_owned()),
                Value::Int(148),
                Value::Int(15),
                Value::Real(15.0 / 148.0),
            ]],
        };
        let scope = Scope {
            video: "</p><script>1</script>".to_owned(),
            ..Scope::default().by("video")
        };
        let frame = figure.finished(frame, &scope).unwrap();
        Answer {
            figure,
            scope,
            frame,
        }
    }

    #[test]
    fn what_events_say_is_text() {
        let page = html(&[answer("<img src=x onerror='alert(1)'>&\"")]).unwrap();
        assert!(page.contains("&lt;img src=x onerror=&#39;alert(1)&#39;&gt;&amp;&quot;"));
        assert!(
            !page.contains("<img") && !page.contains("<script"),
            "{page}"
        );
    }

    #[test]
    fn the_page_is_whole_and_has_intervals() {
        let page = html(&[answer("a"), answer("b")]).unwrap();
        assert!(page.contains("10.1 % [6.2–16.0]"), "{page}");
        // One row stands upright, so that nothing of it is out of sight.
        assert!(page.contains("<th scope=\"row\">impressions</th><td class=\"number\">148</td><td class=\"meaning\">"), "{page}");
        assert!(page.contains("prefers-color-scheme: dark") && page.contains("@media print"));
        for address in ["http://", "https://", "url(", "@import", "src="] {
            assert!(!page.contains(address), "{address}");
        }
    }
}
