//! Giving room back: records that no path has any more, the longest unused first.

use rusqlite::{Connection, params};

use super::schema::Fault;

/// What old records may take in any case, in bytes; beyond that they may take as much as the living ones.
const ALWAYS: i64 = 64 << 20;

/// Deletes old records beyond the budget, and notes of paths that are gone.
pub(super) fn collect(connection: &mut Connection) -> Result<(), Fault> {
    collect_to(connection, ALWAYS)
}

fn collect_to(connection: &mut Connection, always: i64) -> Result<(), Fault> {
    let living: i64 = connection.query_row(
        "SELECT COALESCE(SUM(LENGTH(body)), 0) FROM record WHERE hash IN (SELECT hash FROM file)",
        [],
        |row| row.get(0),
    )?;
    let mut doomed = Vec::new();
    {
        let mut select = connection.prepare(
            "SELECT id, LENGTH(body) FROM record WHERE hash NOT IN (SELECT hash FROM file WHERE hash IS NOT NULL)
             ORDER BY used DESC, id DESC",
        )?;
        let mut rows = select.query([])?;
        let mut kept = 0_i64;
        while let Some(row) = rows.next()? {
            kept = kept.saturating_add(row.get(1)?);
            if kept > always.max(living) {
                doomed.push(row.get::<_, i64>(0)?);
            }
        }
    }
    if doomed.is_empty() {
        return Ok(());
    }
    let transaction = connection.transaction()?;
    for id in &doomed {
        transaction.execute("DELETE FROM record WHERE id = ?1", params![id])?;
    }
    transaction.commit()?;
    connection.execute_batch("PRAGMA incremental_vacuum")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{collect_to, params};
    use crate::store::schema;

    #[test]
    fn the_longest_unused_goes_first_and_the_living_stay() {
        let folder = tempfile::tempdir().unwrap();
        let mut connection = schema::connect(&folder.path().join("index.sqlite"), true).unwrap();
        for (number, used) in [(1_u8, 5), (2, 1), (3, 9)] {
            let insert =
                "INSERT INTO record (hash, language, key, used, symbols, uses, body) VALUES (?1, 'go', x'00', ?2, 0, 0, ?3)";
            connection.execute(insert, params![[number; 32], used, [0_u8; 100]]).unwrap();
        }
        let file = "INSERT INTO file (path, size, hash, language, symbols, uses, checksum, seq) VALUES ('a', 1, ?1, 'go', 0, 0, x'00', 1)";
        connection.execute(file, params![[2_u8; 32]]).unwrap();
        collect_to(&mut connection, 100).unwrap();
        let left: Vec<i64> = connection
            .prepare("SELECT used FROM record ORDER BY used")
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert_eq!(left, [1, 9]);
    }
}
