//! What is taken, in which forms, from whom, and what is answered.
#![allow(clippy::unwrap_used)]

mod support;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use support::{Collector, batch, event, folder, ids, lines};

const VIEW: &str = "0190f3a1-0000-7abc-8def-000000000001";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_batch_is_kept_as_it_was_sent() {
    let folder = folder();
    let collector = Collector::start(folder.path(), &["--ip", "truncate"]);
    let mut client = collector.client();
    let raw = format!(
        "{{ \"schema\":\"vitrine/1\",\"sent_at\":\"2026-05-04T09:30:05.012Z\",\n \"own\":1,\"context\":{{\"a\": 1.50}},\"events\":[\
         {{\"id\":\"x-1\",  \"type\":\"play\",\"time\":\"2026-05-04T09:30:05.012Z\",\"n\":1.500,\n\"t\":\"\\ud83d\\ude00 \\ud83d é\"}},\
         {{\"id\":\"x-2\",\"type\":\"our_own\",\"time\":\"2026-05-04T09:30:05.012Z\",\"view_id\":\"{VIEW}\",\"seq\":0}}]}}"
    );
    let answer = client.post_with("user-agent: curl/8\r\n", raw).unwrap();
    assert_eq!((answer.status, answer.body.len()), (204, 0));
    let file =
        fs::read_to_string(folder.path().join("segments/00000000000000000001.ndjson")).unwrap();
    let kept = "\"context\":{\"a\": 1.50},\"events\":[{\"id\":\"x-1\",  \"type\":\"play\",\"time\":\"2026-05-04T09:30:05.012Z\",\
                \"n\":1.500, \"t\":\"\\ud83d\\ude00 \\ufffd é\"},{\"id\":\"x-2\"";
    assert!(file.contains(kept), "{file}");
    let line = &lines(folder.path())[0];
    assert_eq!(line["sent_at"], json!(1_777_887_005_012_i64));
    assert_eq!(
        (&line["v"], &line["bot"], &line["site"]),
        (&json!(1), &json!(true), &json!("default"))
    );
    assert_eq!(
        (&line["ip"], &line["user_agent"]),
        (&json!("127.0.0.0"), &json!("curl/8"))
    );
    assert_eq!(line["marks"], json!({ "1": ["unknown_type"] }));
}

#[test]
fn every_form_is_taken() {
    let folder = folder();
    let collector = Collector::start(folder.path(), &[]);
    let mut client = collector.client();
    let packed = gzip(batch(&[event(VIEW, 0)]).to_string().as_bytes());
    let gz = "content-encoding: gzip\r\ncontent-type: application/json\r\n";
    assert_eq!(client.post_with(gz, packed).unwrap().status, 204);
    let line = |seq: u32, context: &str| {
        let mut line = event(VIEW, seq);
        line["schema"] = json!("vitrine/1");
        line["sent_at"] = json!("2026-05-04T09:30:05.000Z");
        line["context"] = json!({ "locale": context });
        format!("{line}\n")
    };
    let body = line(1, "en") + &line(2, "en") + "\n" + &line(3, "de");
    assert_eq!(
        client
            .post_with("content-type: application/x-ndjson\r\n", body)
            .unwrap()
            .status,
        204
    );
    let cloud = |seq: u32| {
        let mut data = event(VIEW, seq);
        data["context"] = json!({ "locale": "fr" });
        json!({ "specversion": "1.0", "id": data["id"], "source": "/", "type": "vitrine.play", "data": data })
    };
    let body = json!([cloud(4), cloud(5)]).to_string();
    let kind = "content-type: application/cloudevents-batch+json; charset=utf-8\r\n";
    assert_eq!(client.post_with(kind, body).unwrap().status, 204);
    assert_eq!(client.post(cloud(6).to_string()).unwrap().status, 204);
    let lines = lines(folder.path());
    let shape: Vec<(&Value, usize)> = lines
        .iter()
        .map(|line| {
            (
                &line["context"]["locale"],
                line["events"].as_array().unwrap().len(),
            )
        })
        .collect();
    let (none, en, de, fr) = (Value::Null, json!("en"), json!("de"), json!("fr"));
    assert_eq!(shape, [(&none, 1), (&en, 2), (&de, 1), (&fr, 2), (&fr, 1)]);
    assert_eq!(lines[1]["sent_at"], json!(1_777_887_005_000_i64));
    assert_eq!(
        lines[1]["events"][0].as_object().unwrap().len(),
        5,
        "what is the batch's is not in the event"
    );
    let said = collector.completeness();
    assert_eq!(
        (&said["views"]["open"], &said["events"]["received"]),
        (&json!(1), &json!(7))
    );
}

#[test]
fn what_is_wrong_is_told_by_index_put_aside_and_the_rest_is_kept_once() {
    let folder = folder();
    let collector = Collector::start(folder.path(), &[]);
    let mut client = collector.client();
    let mut wrong = event(VIEW, 1);
    wrong["time"] = json!("SECRET");
    let events = [event(VIEW, 0), wrong.clone(), event(VIEW, 2), json!(7)];
    let answer = client.post(batch(&events).to_string()).unwrap();
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.json(),
        json!({ "accepted": 2, "repeated": 0, "invalid": [
            { "index": 1, "path": "time", "reason": "RFC 3339 is needed, from 1970 on" },
            { "index": 3, "path": "", "reason": "an object is needed" }] })
    );
    // As the overlay does: fewer at a time, down to the one at fault.
    assert_eq!(
        client.post(batch(&events[..2]).to_string()).unwrap().status,
        400
    );
    assert_eq!(
        client.post(batch(&events[..1]).to_string()).unwrap().status,
        204
    );
    assert_eq!(
        client
            .post(batch(&events[1..2]).to_string())
            .unwrap()
            .status,
        400
    );
    assert_eq!(
        client
            .post(batch(&events[2..3]).to_string())
            .unwrap()
            .status,
        204
    );
    assert!(ids(folder.path()).values().all(|count| *count == 1) && ids(folder.path()).len() == 2);
    let aside = fs::read_dir(folder.path().join("quarantine"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    let aside: Vec<Value> = fs::read_to_string(aside.path())
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(
        aside.len(),
        2,
        "however often it is sent, it is put aside once"
    );
    assert_eq!(
        (&aside[0]["event"], &aside[0]["path"]),
        (&wrong, &json!("time"))
    );
    assert_eq!(collector.metric("vitrine_events_repeated_total"), 3);
}

#[test]
fn what_is_no_batch_is_refused_in_words_of_ours() {
    let folder = folder();
    let collector = Collector::start(folder.path(), &[]);
    let deep = format!(
        "{{\"schema\":\"vitrine/1\",\"context\":{{\"SECRET\":{}1{}}},\"events\":[]}}",
        "[".repeat(60),
        "]".repeat(60)
    );
    let many: Vec<Value> = (0..1_001).map(|seq| event(VIEW, seq)).collect();
    let large = " ".repeat(1_000_001);
    let bomb = gzip(&vec![b' '; 50_000_000]);
    let json = "content-type: application/json\r\n";
    let too_many = batch(&many).to_string();
    let cases: [(&str, &[u8], u16); 14] = [
        (json, b"SECRET", 400),
        (json, b"", 400),
        (json, b"\xFF\xFE", 400),
        (
            json,
            b"{\"schema\":\"vitrine/1\",\"events\":[{\"SECRET\":}]}",
            400,
        ),
        (json, b"{\"schema\":\"vitrine/1\",\"events\":{}}", 400),
        (json, b"{\"events\":[]}", 400),
        (json, b"{\"schema\":\"SECRET/2\",\"events\":[]}", 415),
        (json, deep.as_bytes(), 400),
        (json, too_many.as_bytes(), 413),
        (json, large.as_bytes(), 413),
        ("content-encoding: gzip\r\n", &bomb, 413),
        ("content-encoding: gzip\r\n", b"SECRET", 400),
        ("content-encoding: br\r\n", b"", 415),
        (
            "content-type: application/x-www-form-urlencoded\r\n",
            b"SECRET",
            415,
        ),
    ];
    for (at, (headers, body, status)) in cases.into_iter().enumerate() {
        let answer = collector
            .client()
            .post_to("/events?SECRET", headers, body)
            .unwrap();
        let text = String::from_utf8(answer.body.clone()).unwrap();
        assert_eq!(answer.status, status, "case {at}: {text}");
        assert!(!format!("{answer:?}{text}").contains("SECRET"), "case {at}");
    }
    let answer = collector
        .client()
        .send(
            "GET /SECRET HTTP/1.1\r\nhost: SECRET\r\norigin: SECRET\r\n\r\n",
            b"",
        )
        .unwrap();
    assert_eq!(answer.status, 404);
    assert!(!format!("{answer:?}").contains("SECRET"));
    assert_eq!(collector.get("/events").status, 405);
    assert!(lines(folder.path()).is_empty());
}

#[test]
fn keys_origins_and_rates() {
    let folder = folder();
    let config = folder.path().join("settings.toml");
    fs::write(
        &config,
        "origins = [\"https://any.example\"]\nadmin_token = \"token\"\n\
         [[sites]]\nname = \"one\"\nkey = \"key-of-one\"\norigins = [\"https://one.example\"]\n\
         [[sites]]\nname = \"two\"\nkey = \"key-of-two\"\nevents_per_second = 2\n",
    )
    .unwrap();
    let config = config.to_str().unwrap();
    let collector = Collector::start(&folder.path().join("data"), &["--config", config]);
    let mut client = collector.client();
    let mut send = |path: &str, headers: &str| {
        let answer = client
            .post_to(path, headers, batch(&[event(VIEW, 0)]).to_string())
            .unwrap();
        let allowed = answer.headers.get("access-control-allow-origin").cloned();
        (
            answer.status,
            allowed,
            answer.headers.get("retry-after").cloned(),
        )
    };
    let one = Some("https://one.example".to_owned());
    let any = Some("https://any.example".to_owned());
    let one_key = "/events?write_key=key-of-one";
    assert_eq!(
        send(one_key, "origin: https://one.example\r\n"),
        (204, one.clone(), None)
    );
    assert_eq!(
        send(
            "/events",
            "origin: https://one.example\r\nauthorization: Bearer key-of-one\r\n"
        ),
        (204, one, None)
    );
    assert_eq!(
        send(one_key, "origin: https://any.example\r\n"),
        (403, any.clone(), None),
        "bound to its own"
    );
    assert_eq!(
        send(one_key, "origin: https://evil.example\r\n"),
        (403, None, None)
    );
    assert_eq!(send(one_key, "").0, 403, "a browser always says its origin");
    assert_eq!(send("/events", "origin: https://any.example\r\n").0, 401);
    assert_eq!(
        send(
            "/events?write_key=wrong-key",
            "origin: https://any.example\r\n"
        )
        .0,
        401
    );
    let two_key = "/events?a=b&write_key=key-of-two";
    let answers: Vec<_> = (0..11)
        .map(|_| send(two_key, "origin: https://any.example\r\n"))
        .collect();
    assert!(answers[..10].iter().all(|(status, ..)| *status == 204));
    assert_eq!(answers[10], (429, any, Some("1".to_owned())));
    let mut body = batch(&[event(VIEW, 0)]);
    body["write_key"] = json!("key-of-one");
    let origin = "origin: https://one.example\r\n";
    assert_eq!(
        collector
            .client()
            .post_with(origin, body.to_string())
            .unwrap()
            .status,
        204
    );
    let ask = |origin: &str| {
        let head = format!(
            "OPTIONS /events HTTP/1.1\r\nhost: t\r\norigin: {origin}\r\naccess-control-request-method: POST\r\n\r\n"
        );
        collector.client().send(&head, b"").unwrap()
    };
    let answer = ask("https://one.example");
    assert_eq!(
        (
            answer.status,
            &answer.headers["access-control-allow-methods"][..]
        ),
        (204, "POST")
    );
    assert_eq!(ask("https://evil.example").status, 403);
    let sites: Vec<Value> = lines(&collector.data)
        .iter()
        .map(|line| line["site"].clone())
        .collect();
    assert_eq!(
        sites.iter().filter(|site| **site == json!("one")).count(),
        3
    );
    assert_eq!(
        collector.get("/metrics").status,
        403,
        "a token is asked for"
    );
    let head = "GET /metrics HTTP/1.1\r\nhost: t\r\nauthorization: Bearer token\r\n\r\n";
    assert_eq!(collector.client().send(head, b"").unwrap().status, 200);
    assert!(
        !fs::read_to_string(
            folder
                .path()
                .join("data/segments/00000000000000000001.ndjson")
        )
        .unwrap()
        .contains("key-of")
    );
}

#[test]
fn an_address_may_not_send_too_often() {
    let folder = folder();
    let mut command = support::command(folder.path(), &["--trusted-proxies", "127.0.0.1"]);
    command.env("VITRINE_REQUESTS_PER_SECOND", "1");
    let collector = Collector::run(command, folder.path());
    let mut client = collector.client();
    let mut send = |from: &str| {
        let headers = format!("x-forwarded-for: {from}\r\n");
        client
            .post_with(&headers, batch(&[event(VIEW, 0)]).to_string())
            .unwrap()
            .status
    };
    // The flag of the tests holds above the environment.
    assert!((0..20).all(|_| send("192.0.2.1") == 204));
    drop(client);
    drop(collector);
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_vitrine-collector"));
    command
        .args([
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--trusted-proxies",
            "127.0.0.1",
            "--data",
        ])
        .arg(folder.path());
    command
        .env("VITRINE_REQUESTS_PER_SECOND", "1")
        .stderr(std::process::Stdio::piped());
    let collector = Collector::run(command, folder.path());
    let mut client = collector.client();
    let mut send = |from: &str| {
        let headers = format!("x-forwarded-for: {from}\r\n");
        client
            .post_with(&headers, batch(&[event(VIEW, 0)]).to_string())
            .unwrap()
            .status
    };
    let statuses: Vec<u16> = (0..7).map(|_| send("192.0.2.1")).collect();
    assert_eq!((statuses[0], statuses[6]), (204, 429));
    assert_eq!(send("192.0.2.2"), 204, "another address");
}
