//! Each section says what the command line says.

use crate::desk::{Dashboard, rows, text};
use crate::page::{grouped, open};
use e2e::{Browser, Context, Result, Value, ensure, json};

/// What stands in a section, its charts' texts included.
fn said(browser: &Browser, section: &str) -> Result<String> {
    let found = browser.get(&format!(
        "document.querySelector('#{section} > div').textContent"
    ))?;
    Ok(found.as_str().unwrap_or_default().to_owned())
}

fn says(browser: &Browser, section: &str, words: &str) -> Result<()> {
    let found = said(browser, section)?;
    ensure!(
        !words.is_empty() && found.contains(words),
        "#{section} does not say {words:?}: {found}"
    );
    Ok(())
}

/// With the flag that would help.
pub fn what_is_missing_is_said(browser: &Browser, bare: &Dashboard) -> Result<()> {
    open(browser, &bare.address)?;
    says(browser, "forecast", "--inventory FILE")?;
    says(browser, "return", "--costs FILE")?;
    says(browser, "return", "--inventory FILE")?;
    says(browser, "hosts", "--segments FILE")?;
    says(browser, "influencers", "--influencers FILE")?;
    let errors = browser.get("document.querySelectorAll('.error').length")?;
    ensure!(errors == 0, "{errors} sections have an error");
    // Where there are no events at all, no section is broken either.
    open(browser, &bare.with("from=2020-01-01&to=2020-01-02"))?;
    says(browser, "experiments", "No experiment was seen")?;
    let errors = browser.get("document.querySelectorAll('.error').length")?;
    ensure!(errors == 0, "{errors} sections have an error over nothing");
    Ok(())
}

/// Row by row.
pub fn what_the_command_line_says(browser: &Browser, dashboard: &Dashboard) -> Result<()> {
    open(browser, &dashboard.address)?;
    // No figure is left out, also of those that come later.
    let listed = "await (await fetch('api/list', { headers: { authorization: `Bearer ${sessionStorage.getItem('vitrine-report token')}` } })).json()";
    let left = browser.js(&format!(
        "return ({listed}).figures.map(({{ name }}) => name).filter((name) => !document.querySelector(`[data-figure=${{name}}]`));"
    ))?;
    ensure!(left == json!([]), "no section shows {left}");
    experiments(browser, dashboard).context("experiments")?;
    attribution(browser, dashboard).context("attribution")?;
    forecast(browser, dashboard).context("forecast")?;
    returns(browser, dashboard).context("return")?;
    people(browser, dashboard).context("people")
}

fn experiments(browser: &Browser, dashboard: &Dashboard) -> Result<()> {
    let found = dashboard.figure(&["experiment"])?;
    let compared: Vec<&Value> = rows(&found)
        .iter()
        .filter(|row| !row["difference"].is_null())
        .collect();
    ensure!(
        compared.len() >= 3,
        "only {} rows to compare",
        compared.len()
    );
    for row in compared {
        says(browser, "experiments", text(row, "verdict"))?;
        let counts = format!(
            "({} of {})",
            grouped(&row["converted_viewers"]),
            grouped(&row["viewers"])
        );
        says(browser, "experiments", &counts)?;
    }
    says(browser, "experiments", "saw several variants")
}

const RULES: [&str; 6] = [
    "last_touch",
    "first_touch",
    "linear",
    "time_decay",
    "position",
    "data_driven",
];

fn attribution(browser: &Browser, dashboard: &Dashboard) -> Result<()> {
    let found = dashboard.figure(&["attribution"])?;
    let first = rows(&found).first().context("no row")?;
    let cells = browser.get("[...document.querySelectorAll('#attribution .matrix tbody tr:first-child')[0].children].map((cell) => cell.textContent)")?;
    ensure!(
        cells[0] == first["dimension"],
        "the first row is {}",
        cells[0]
    );
    for (at, rule) in RULES.iter().enumerate() {
        let sum: f64 = rows(&found)
            .iter()
            .filter(|row| row["currency"] == first["currency"])
            .filter_map(|row| row[rule].as_f64())
            .sum();
        let share = first[rule].as_f64().context("no share")? / sum * 100.0;
        let cell = cells[at + 1].as_str().unwrap_or_default();
        let shown: f64 = cell.split(' ').next().unwrap_or_default().parse()?;
        ensure!((shown - share).abs() < 0.06, "{rule}: {cell}, not {share}");
    }
    Ok(())
}

fn forecast(browser: &Browser, dashboard: &Dashboard) -> Result<()> {
    let found = dashboard.figure(&["forecast"])?;
    let advised: Vec<&Value> = rows(&found)
        .iter()
        .filter(|row| !row["advice"].is_null())
        .collect();
    ensure!(advised.len() > 5, "only {} are advised on", advised.len());
    for row in advised.iter().take(5) {
        says(browser, "forecast", text(row, "reason"))?;
    }
    // The product that the inventory leaves out.
    says(browser, "forecast", "No advice: 1")?;
    says(browser, "forecast", "clicks [")
}

fn returns(browser: &Browser, dashboard: &Dashboard) -> Result<()> {
    let found = dashboard.figure(&["return"])?;
    let known = rows(&found).iter().find(|row| row["roi"].is_number());
    let known = known.context("no return is known")?;
    for name in ["roi", "roas"] {
        let ratio = known[name].as_f64().context("no ratio")? * 100.0;
        let words = format!("{} {ratio:.1} %", name.to_uppercase());
        says(browser, "return", &words)?;
    }
    let left: Vec<&Value> = rows(&found)
        .iter()
        .filter(|row| !row["note"].is_null())
        .collect();
    ensure!(!left.is_empty(), "each amount has a rate");
    says(browser, "return", &format!("Left out: {}", left.len()))?;
    for row in left {
        says(browser, "return", text(row, "note"))?;
    }
    Ok(())
}

fn people(browser: &Browser, dashboard: &Dashboard) -> Result<()> {
    let found = dashboard.figure(&["customers"])?;
    let viewers =
        browser.get("document.querySelector('#tile-customers-viewers .value').textContent")?;
    let wanted = json!(grouped(&rows(&found)[0]["viewers"]));
    ensure!(viewers == wanted, "{viewers} viewers, not {wanted}");
    for (section, figure, column) in [
        ("cohorts", "cohorts", "first_video"),
        ("campaigns", "campaigns", "campaign"),
        ("codes", "codes", "code"),
        ("influencers", "influencers", "influencer"),
        ("hosts", "hosts", "dimension"),
    ] {
        let found = dashboard.figure(&[figure])?;
        let first = rows(&found).first().context("no row")?;
        says(browser, section, text(first, column))?;
    }
    let found = dashboard.figure(&["polls"])?;
    let answers = grouped(&rows(&found)[0]["recommendation_answers"]);
    says(browser, "polls", &answers)?;
    says(browser, "polls", "promoters")?;
    let found = dashboard.figure(&["machines"])?;
    let machines = grouped(&rows(&found)[0]["machine_views"]);
    says(browser, "overview", &format!("{machines} more views"))?;
    says(browser, "machines", &machines)?;
    // A launch is asked for, and then stands there.
    says(browser, "launch", "Choose the day")?;
    open(browser, &dashboard.with("launch=2026-03-30"))?;
    let found = dashboard.figure(&["launch", "--launch", "2026-03-30"])?;
    let orders = &rows(&found)[0];
    let words = format!(
        "Orders {} and {}",
        grouped(&orders["orders_before"]),
        grouped(&orders["orders_after"])
    );
    says(browser, "launch", &words)
}
