//! `doorlist serve`, `token` and `sign`, as a venue that runs its own service uses them.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use reqwest::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};

use super::process::{Process, TENANT, doorlist};

const TICKET: &str = "tkt_11111111111111111111111111";
const ORDER: &str = "ord_22222222222222222222222222";

fn tickets(folder: &Path, email: &str) -> String {
    let ticket = json!({
        "id": TICKET, "status": "ACTIVE", "orderId": ORDER, "eventId": format!("evt_{}", "3".repeat(26)),
        "admissionId": format!("adm_{}", "4".repeat(26)),
        "attendee": {"firstName": "Ada", "lastName": "Quist", "email": email},
    });
    let file = folder.join("tickets.jsonl");
    fs::write(&file, format!("{ticket}\n")).unwrap();
    file.to_str().unwrap().to_owned()
}

/// What a command prints, without its line's end.
fn printed(folder: &Path, arguments: &[&str]) -> String {
    let output = doorlist(folder).args(arguments).arg("--database").arg(folder.join("tickets.db")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

#[tokio::test]
async fn a_venue_serves_its_own_tickets() {
    let folder = tempfile::tempdir().unwrap();
    let file = tickets(folder.path(), "ada@example.com");
    let service = Process::start(folder.path(), &["--import", &file, "--rate-limit", "3"]);
    assert_eq!(service.ready.as_object().unwrap().keys().collect::<Vec<_>>(), ["url"]);
    let key = folder.path().join("tickets.key");
    assert_eq!(fs::metadata(key).unwrap().permissions().mode() & 0o777, 0o600);
    let http = reqwest::Client::new();
    let get = |path: String| http.get(format!("{}{path}", service.url())).header("x-tenant-id", TENANT);
    let signature = printed(folder.path(), &["sign", ORDER]);
    let own = get(format!("/tickets?orderId={ORDER}&orderSignature={signature}")).send().await.unwrap();
    assert_eq!(own.json::<Value>().await.unwrap()["tickets"][0]["id"], TICKET);
    let token = printed(folder.path(), &["token", "--scope", "scanning", "--ttl", "7d"]);
    let mut asked = Vec::new();
    for _ in 0..20 {
        let answer = get(format!("/tickets/{TICKET}")).bearer_auth(&token).send().await.unwrap();
        asked.push(answer.status());
    }
    assert_eq!(asked[..3], [StatusCode::OK; 3]);
    assert!(asked.contains(&StatusCode::TOO_MANY_REQUESTS), "{asked:?}");
    assert!(service.end().success());
}

#[test]
fn a_file_that_is_no_tickets_ends_the_command_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let file = tickets(folder.path(), "no address");
    let output = doorlist(folder.path())
        .args(["serve", "--listen", "127.0.0.1:0", "--import", &file, "--database"])
        .arg(folder.path().join("tickets.db"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(output.stdout, b"");
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.contains("1 line is no ticket") && words.contains("line 1: attendee.email"), "{words}");
}

#[test]
fn nothing_is_signed_for_a_database_that_was_never_served() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [["sign", ORDER].as_slice(), &["token", "--scope", "full"]] {
        let mut command = doorlist(folder.path());
        let output = command.args(arguments).arg("--database").arg(folder.path().join("typo.db")).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(output.stdout, b"");
        assert!(String::from_utf8_lossy(&output.stderr).contains("typo.db yet: start it once with `doorlist serve"));
    }
    assert!(!folder.path().join("typo.key").exists());
}

/// What no scan could show, or nobody could use, is refused in words.
#[rstest]
#[case::first_name("--first-name", "", "must not be empty")]
#[case::blank("--last-name", "  ", "must not be empty")]
#[case::email("--email", "box office", "must be an email address")]
#[case::no_email("--email", "", "must be an email address")]
#[case::past("--ttl", "-1h", "must be a time such as")]
#[case::never("--ttl", "0h", "must be a time such as")]
#[case::vague("--ttl", "soon", "must be a time such as")]
#[case::scope("--scope", "ROOT", "the scopes are EVENT, ORDER")]
#[case::user("--user", "robin", "usr_")]
fn a_token_that_nobody_could_use_is_not_minted(#[case] flag: &str, #[case] value: &str, #[case] words: &str) {
    let folder = tempfile::tempdir().unwrap();
    let argument = format!("{flag}={value}");
    let output = doorlist(folder.path()).args(["token", "--scope", "scanning", &argument]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(2), b"".as_slice()), "{said}");
    assert!(said.contains(words), "{said}");
}

#[test]
fn a_signing_key_that_others_can_read_ends_the_command() {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("venue.key");
    fs::write(&key, "k".repeat(40)).unwrap();
    let token = |rights| {
        fs::set_permissions(&key, fs::Permissions::from_mode(rights)).unwrap();
        doorlist(folder.path())
            .args(["token", "--scope", "full"])
            .env("DOORLIST__SERVE__SIGNING_KEY_FILE", &key)
            .output()
            .unwrap()
    };
    let exposed = token(0o644);
    assert_eq!(exposed.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&exposed.stderr).contains("chmod 600"));
    assert!(token(0o600).status.success());
}
