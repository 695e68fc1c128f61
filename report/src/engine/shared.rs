//! What a query names more than once is worked out once.
//!
//! The engine writes a part of `WITH` out wherever its name stands, and works each copy out anew: the parts of
//! `abandoned.sql` that stand on each other came to eight readings of the same lines.

use super::parameters;
use crate::scope::Scope;
use anyhow::{Context, Result};
use datafusion::arrow::array::{ArrayRef, AsArray, RecordBatch};
use datafusion::arrow::datatypes::{Schema, SchemaRef};
use datafusion::datasource::MemTable;
use datafusion::physical_plan::collect_partitioned;
use datafusion::prelude::{DataFrame, SessionContext};
use datafusion::sql::sqlparser::ast::{
    Cte, Query, Select, SelectItem, SetExpr, Statement, TableFactor, visit_relations,
};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::Parser;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Tables of one query, which go with it.
pub struct Shared {
    context: SessionContext,
    names: Vec<String>,
}

impl Drop for Shared {
    fn drop(&mut self) {
        for name in &self.names {
            // One that is not there is gone.
            drop(self.context.deregister_table(name));
        }
    }
}

/// The query's plan, over tables of what it names more than once. They live as long as what is returned with it.
pub async fn plan(
    context: &SessionContext,
    sql: &str,
    scope: &Scope,
) -> Result<(DataFrame, Shared)> {
    let mut shared = Shared {
        context: context.clone(),
        names: Vec::new(),
    };
    let mut query = parsed(sql)?;
    let parts = query.with.as_ref().map_or(0, |with| with.cte_tables.len());
    for index in 0..parts {
        if let Some(text) = worth_a_table(&query, index) {
            let name = shared.keep(&text, scope).await?;
            let instead = parsed(&format!("SELECT * FROM {name}"))?;
            let with = query.with.as_mut();
            if let Some(part) = with.and_then(|with| with.cte_tables.get_mut(index)) {
                part.query = instead;
            }
        }
    }
    Ok((frame(context, &query.to_string(), scope).await?, shared))
}

/// A text of SQL, with the scope's values for its parameters.
async fn frame(context: &SessionContext, sql: &str, scope: &Scope) -> Result<DataFrame> {
    let frame = context.sql(sql).await?;
    Ok(frame.with_param_values(parameters(sql, scope)?)?)
}

fn parsed(sql: &str) -> Result<Box<Query>> {
    let statements = Parser::parse_sql(&GenericDialect {}, sql)?;
    match statements.into_iter().next() {
        Some(Statement::Query(query)) => Ok(query),
        _ => anyhow::bail!("a figure is one SELECT"),
    }
}

/// The text of a part that is named more than once, together with the parts before it.
fn worth_a_table(query: &Query, index: usize) -> Option<String> {
    let parts = &query.with.as_ref()?.cte_tables;
    let (before, part) = (parts.get(..index)?, parts.get(index)?);
    if uses(query, part) < 2 || is_a_view(part, before) {
        return None;
    }
    let before: Vec<_> = before.iter().map(Cte::to_string).collect();
    Some(match before.is_empty() {
        true => part.query.to_string(),
        false => format!("WITH {} {}", before.join(", "), part.query),
    })
}

fn uses(query: &Query, part: &Cte) -> usize {
    let mut uses = 0;
    let _: ControlFlow<()> = visit_relations(query, |name| {
        uses += usize::from(name.to_string() == part.alias.name.to_string());
        ControlFlow::Continue(())
    });
    uses
}

/// All columns of a table: each who names it reads few of them.
fn is_a_view(part: &Cte, before: &[Cte]) -> bool {
    let SetExpr::Select(select) = part.query.body.as_ref() else {
        return false;
    };
    let Select {
        projection, from, ..
    } = select.as_ref();
    let all = matches!(projection.as_slice(), [SelectItem::Wildcard(_)]);
    let of_table = from.iter().any(|from| match &from.relation {
        TableFactor::Table { name, .. } => !before
            .iter()
            .any(|part| part.alias.name.to_string() == name.to_string()),
        _ => false,
    });
    all && of_table
}

/// A text is a place in a page of the archive, and keeps all of the page in memory: the texts that are left are copied out.
fn compact(rows: &RecordBatch) -> Result<RecordBatch> {
    let column = |column: &ArrayRef| match column.as_string_view_opt() {
        Some(texts) => Arc::new(texts.gc()),
        None => column.clone(),
    };
    let columns = rows.columns().iter().map(column).collect();
    Ok(RecordBatch::try_new(rows.schema(), columns)?)
}

/// A plan may promise less of nulls than its batches say.
fn nullable(schema: &Schema) -> SchemaRef {
    let fields = schema.fields().iter();
    let fields = fields.map(|field| field.as_ref().clone().with_nullable(true));
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

impl Shared {
    /// Works a text of SQL out, and says what its table is called.
    async fn keep(&mut self, sql: &str, scope: &Scope) -> Result<String> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let frame = frame(&self.context, sql, scope).await?;
        let task = Arc::new(frame.task_ctx());
        let plan = frame.create_physical_plan().await?;
        let schema = nullable(&plan.schema());
        let mut rows = collect_partitioned(plan, task).await?;
        for batch in rows.iter_mut().flatten() {
            *batch = compact(batch)?;
        }
        let name = format!("vitrine_part_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let table = MemTable::try_new(schema, rows).context("a part of the query")?;
        self.context.register_table(&name, Arc::new(table))?;
        self.names.push(name.clone());
        Ok(name)
    }
}

#[cfg(test)]
mod tests {
    use super::{parsed, worth_a_table};

    #[test]
    fn what_is_named_twice_gets_a_table_unless_it_is_all_of_one() {
        let sql = "WITH whole AS (SELECT * FROM events), lines AS (SELECT id FROM whole), \
            all_lines AS (SELECT * FROM lines), once AS (SELECT id FROM lines) \
            SELECT 1 FROM whole, whole w, all_lines, all_lines l, once WHERE id IN (SELECT id FROM lines)";
        let query = parsed(sql).unwrap();
        let texts: Vec<_> = (0..4).map(|index| worth_a_table(&query, index)).collect();
        let lines = "WITH whole AS (SELECT * FROM events) SELECT id FROM whole";
        assert_eq!(texts[0], None);
        assert_eq!(texts[1].as_deref(), Some(lines));
        assert!(texts[2].as_ref().unwrap().ends_with("SELECT * FROM lines"));
        assert_eq!(texts[3], None);
    }
}
