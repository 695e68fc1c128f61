//! To moto, which stands in for S3.

use crate::servers::{Data, Running, free_port, ids, program, start, until};
use object_store::aws::AmazonS3Builder;
use object_store::{ObjectStore, ObjectStoreExt};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};

fn serve(server: &Path, port: u16) -> Running {
    let port_text = port.to_string();
    let running = start(
        Command::new(server).args(["-H", "127.0.0.1", "-p", &port_text]),
        port,
    );
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(stream, "PUT /shop HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    running
}

/// The objects by name, and the events in each.
fn objects(endpoint: &str) -> Vec<(String, Vec<u64>)> {
    let store = AmazonS3Builder::new()
        .with_bucket_name("shop")
        .with_endpoint(endpoint)
        .with_allow_http(true)
        .with_region("us-east-1")
        .with_access_key_id("key")
        .with_secret_access_key("secret")
        .build()
        .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut objects = Vec::new();
        for object in store
            .list_with_delimiter(Some(&"vitrine".into()))
            .await
            .unwrap()
            .objects
        {
            let bytes = store
                .get(&object.location)
                .await
                .unwrap()
                .bytes()
                .await
                .unwrap();
            objects.push((object.location.to_string(), ids(&bytes)));
        }
        objects.sort();
        objects
    })
}

#[test]
fn objects_have_every_batch_once_across_an_outage_of_both_sides() {
    let Some(server) = program("moto_server") else {
        return;
    };
    let (data, port) = (Data::new(), free_port());
    let endpoint = format!("http://127.0.0.1:{port}");
    let arguments = [
        "s3",
        "--bucket",
        "shop",
        "--endpoint",
        &endpoint,
        "--object-age",
        "0",
    ];
    data.append(1, 0..300);
    // Nobody is there yet.
    let forward = || {
        Running(
            data.forward(&arguments)
                .stderr(Stdio::null())
                .spawn()
                .unwrap(),
        )
    };
    let forwarder = forward();
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert!(!data.is_forwarded("s3", 1));
    let _moto = serve(&server, port);
    until("all is written after the outage", || {
        data.is_forwarded("s3", 1)
    });
    drop(forwarder);
    data.append(1, 300..400);
    data.append(2, 400..500);
    let _forwarder = forward();
    until("all is written", || data.is_forwarded("s3", 2));
    let objects = objects(&endpoint);
    assert_eq!(objects[0].0, format!("vitrine/{:020}-{:012}.ndjson", 1, 0));
    let all: Vec<_> = objects.into_iter().flat_map(|(_, ids)| ids).collect();
    assert_eq!(all, (0..500).collect::<Vec<_>>());
}

#[test]
fn few_batches_wait_for_others_unless_their_segment_is_sealed() {
    let Some(server) = program("moto_server") else {
        return;
    };
    let (data, port) = (Data::new(), free_port());
    let endpoint = format!("http://127.0.0.1:{port}");
    let _moto = serve(&server, port);
    data.append(1, 0..10);
    let mut command = data.forward(&[
        "--name",
        "copy",
        "s3",
        "--bucket",
        "shop",
        "--endpoint",
        &endpoint,
    ]);
    let _forwarder = Running(command.stderr(Stdio::null()).spawn().unwrap());
    std::thread::sleep(std::time::Duration::from_secs(2));
    assert_eq!(objects(&endpoint), []);
    data.append(1, 10..20);
    data.append(2, 20..30);
    until("the sealed one is written", || data.is_forwarded("copy", 1));
    assert_eq!(
        objects(&endpoint),
        [(
            format!("vitrine/{:020}-{:012}.ndjson", 1, 0),
            (0..20).collect()
        )]
    );
}
