//! To a real NATS server, which is killed meanwhile.

use crate::servers::{Data, Running, free_port, ids, program, start, until};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

fn serve(server: &Path, port: u16, store: &Path) -> Running {
    let port_text = port.to_string();
    let mut command = Command::new(server);
    start(
        command
            .args(["-a", "127.0.0.1", "-p", &port_text, "-js", "-sd"])
            .arg(store),
        port,
    )
}

/// The events of all messages of the stream, in its order.
fn received(url: &str) -> Vec<u64> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let context = async_nats::jetstream::new(async_nats::connect(url).await.unwrap());
        let mut stream = context.get_stream("VITRINE").await.unwrap();
        let last = stream.info().await.unwrap().state.last_sequence;
        let mut all = Vec::new();
        for sequence in 1..=last {
            let message = stream.get_raw_message(sequence).await.unwrap();
            all.extend(ids(&message.payload));
        }
        all
    })
}

#[test]
fn killed_and_started_again_in_the_middle_the_server_has_every_batch_and_so_has_the_forwarder() {
    let Some(server) = program("nats-server") else {
        return;
    };
    let (data, store, port) = (Data::new(), tempfile::tempdir().unwrap(), free_port());
    let url = format!("nats://127.0.0.1:{port}");
    let forward = || {
        let mut command = data.forward(&["nats", "--url", &url]);
        Running(command.stderr(Stdio::null()).spawn().unwrap())
    };
    let nats = serve(&server, port, store.path());
    data.append(1, 0..200);
    let forwarder = forward();
    until("the first is sent", || {
        data.path().join("forward/nats.position").exists()
    });
    data.append(1, 200..400);
    drop(nats);
    data.append(1, 400..600);
    data.append(2, 600..700);
    std::thread::sleep(Duration::from_millis(700));
    assert!(
        !data.is_forwarded("nats", 2),
        "it says that it sent what nobody could take"
    );
    let nats = serve(&server, port, store.path());
    until("all is sent after the outage", || {
        data.is_forwarded("nats", 2)
    });
    // Killed and started again, the forwarder goes on where it was.
    drop(forwarder);
    data.append(2, 700..900);
    data.append(3, 900..1_000);
    let _forwarder = forward();
    until("all is sent", || data.is_forwarded("nats", 3));
    let mut all = received(&url);
    assert!(all.len() < 1_600, "{} of 1,000 were sent", all.len());
    all.sort_unstable();
    all.dedup();
    assert_eq!(all, (0..1_000).collect::<Vec<_>>());
    drop(nats);
}

#[test]
fn before_a_server_is_there_it_waits_and_a_large_batch_goes_in_parts() {
    let Some(server) = program("nats-server") else {
        return;
    };
    let (data, store, port) = (Data::new(), tempfile::tempdir().unwrap(), free_port());
    let url = format!("nats://127.0.0.1:{port}");
    let event = |id: usize| format!(r#"{{"id":"{id}","text":"{}"}}"#, "x".repeat(1_000));
    let events: Vec<_> = (0..2_500).map(event).collect();
    let line = format!(
        r#"{{"v":1,"received_at":1,"site":"default","events":[{}]}}"#,
        events.join(",")
    );
    std::fs::write(data.segment(1), line + "\n").unwrap();
    let mut command = data.forward(&["--once", "nats", "--url", &url]);
    let mut forwarder = Running(command.stderr(Stdio::null()).spawn().unwrap());
    std::thread::sleep(Duration::from_millis(500));
    assert!(forwarder.0.try_wait().unwrap().is_none());
    let _nats = serve(&server, port, store.path());
    until("it has ended", || forwarder.0.try_wait().unwrap().is_some());
    assert_eq!(received(&url), (0..2_500).collect::<Vec<_>>());
}
