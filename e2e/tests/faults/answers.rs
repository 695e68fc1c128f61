//! What collectors answer.

use crate::lab::opened;
use e2e::{Result, Stage, ensure, json};
use xtask::server::Script;

e2e::engines!(all_is_well, away_for_a_while);

fn all_is_well(stage: &mut Stage) -> Result<()> {
    let mut lab = opened(stage, &json!({}))?;
    lab.act(&stage.browser, "return lab.many(45);")?;
    lab.settle()?;
    lab.check_once()?;
    lab.emptied(&stage.browser)
}

fn away_for_a_while(stage: &mut Stage) -> Result<()> {
    let mut lab = opened(stage, &json!({}))?;
    lab.site.script(Script::status(503, 3));
    lab.act(
        &stage.browser,
        "const ids = lab.many(5); lab.line.flush(); return ids;",
    )?;
    lab.settle()?;
    lab.check_once()?;
    ensure!(
        lab.answers() == ["503", "503", "503", "204"],
        "answers: {:?}",
        lab.answers()
    );
    Ok(())
}
