use models::{Cost, Gateway, ModelError, Traffic, Wire};
use testkit::{Match, ModelServer, Reply};
use tokio_util::sync::CancellationToken;

use crate::support::{KEY, World, configuration, job, word};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_recorded_is_replayed_without_a_server_a_key_or_a_cent() {
    let recording = tempfile::tempdir().unwrap();
    for wire in [Wire::Chat, Wire::Responses] {
        let world = World::with(wire, |it| it.traffic = Traffic::Record(recording.path().to_owned()));
        world.server.on(Match::any()).always(Reply::json(word("yes")).usage(5, 0, 3));
        assert_eq!(world.ask(&job("summary", "Is it recorded?")).await.unwrap().json, word("yes"));
        // What was asked before is asked again, so that the recording is complete.
        let again = job("summary", "Is it recorded?");
        let answer = world.ask(&again).await.unwrap();
        world.gateway.keep(&again, &answer);

        let (nobody, folder) = (ModelServer::start(), tempfile::tempdir().unwrap());
        let replay = Traffic::Replay(recording.path().to_owned());
        let settled = configuration(&nobody.base_url(), folder.path(), wire, |_| {}).over(replay);
        assert!(settled.tiers.values().all(|profile| profile.endpoint.key.is_none()));
        let gateway = Gateway::new(settled);
        let answer = gateway.ask(&job("summary", "Is it recorded?"), &CancellationToken::new()).await.unwrap();
        assert_eq!((answer.json, answer.cost, answer.usage.input), (word("yes"), Cost::ZERO, 5));
        let refused = gateway.ask(&job("edit", "Is this recorded?"), &CancellationToken::new()).await.unwrap_err();
        assert!(matches!(&refused, ModelError::NotRecorded(text) if text.contains("differs at")), "{refused}");
        assert_eq!(nobody.requests(), []);
        assert!(!folder.path().join("state").exists(), "a replay is none of the user's ledger");
    }
    for file in std::fs::read_dir(recording.path()).unwrap().flatten() {
        let text = std::fs::read_to_string(file.path()).unwrap();
        assert!(!text.contains(KEY) && !text.to_lowercase().contains("authorization"), "{text}");
    }
}
