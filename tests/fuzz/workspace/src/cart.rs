use crate::store::Store;

pub fn give(store: &mut Store) -> u32 {
    store.fill("bread", 1)
}
