//! The token: where it may come from, and that it is never shown.

use std::fs::{self, Permissions};
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use doorlist::config::{ConfigError, Loaded, Settings, Sources, TokenSource};
use rstest::rstest;
use secrecy::ExposeSecret;

fn settings(pairs: &[(&str, &str)]) -> Result<Settings, ConfigError> {
    let environment = pairs.iter().map(|(name, value)| (name.into(), value.into())).collect();
    let sources = Sources { environment, state_dir: Some("/state".into()), ..Sources::default() };
    Loaded::from_sources(sources).map(|loaded| loaded.settings)
}

fn read(source: &TokenSource) -> Result<Option<String>, String> {
    let token = source.read().map_err(|error| error.to_string())?;
    Ok(token.map(|token| token.expose_secret().to_owned()))
}

fn token_file(text: &str, mode: u32) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
    (folder, path)
}

#[test]
fn the_variable_wins_over_the_settings() {
    let file = ("DOORLIST__API__TOKEN_FILE", "/nowhere");
    assert_eq!(read(&settings(&[("DOORLIST_TOKEN", " abc.def\n"), file]).unwrap().token), Ok(Some("abc.def".into())));
    assert!(matches!(settings(&[("DOORLIST_TOKEN", "  "), file]).unwrap().token, TokenSource::File(_)));
    assert!(matches!(settings(&[]).unwrap().token, TokenSource::Absent));
}

#[test]
fn the_variable_settles_which_of_two_is_meant() {
    let both = [("DOORLIST__API__TOKEN_FILE", "/nowhere"), ("DOORLIST__API__TOKEN_COMMAND", "false")];
    assert!(matches!(settings(&both), Err(ConfigError::TwoTokens)));
    assert!(settings(&[both[0], both[1], ("DOORLIST_TOKEN", "abc")]).is_ok());
}

#[test]
fn a_file_is_read_and_trimmed() {
    let (_folder, path) = token_file("abc.def\r\n", 0o600);
    assert_eq!(read(&TokenSource::File(path)), Ok(Some("abc.def".into())));
}

#[rstest]
#[case(0o640)]
#[case(0o604)]
#[case(0o620)]
fn a_file_that_others_have_rights_on_is_refused(#[case] mode: u32) {
    let (_folder, path) = token_file("s3cr3t", mode);
    let shown = path.display();
    let expected = format!("others can read the token file {shown}: run `chmod 600 {shown}`");
    assert_eq!(read(&TokenSource::File(path.clone())), Err(expected));
}

#[test]
fn a_command_is_run_by_the_shell() {
    assert_eq!(read(&TokenSource::Command("printf 'abc\\n' | tr a x".into())), Ok(Some("xbc".into())));
    let failed = read(&TokenSource::Command("echo s3cr3t; exit 3".into())).unwrap_err();
    assert_eq!(failed, "the command in `api.token_command` failed (exit status: 3)");
}

#[test]
fn a_command_that_asks_somebody_while_the_screen_is_taken_asks_in_vain() {
    let asks = TokenSource::Command("read -r token && echo $token".into());
    assert!(asks.read_quietly(&|| false).is_err(), "it gets no input");
    let prints = TokenSource::Command("echo fresh; echo a word of it >&2".into());
    assert_eq!(prints.read_quietly(&|| false).unwrap().unwrap().expose_secret(), "fresh");
}

#[test]
fn a_command_that_hangs_is_ended_with_all_that_it_started() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    // Both of them hold the pipe open for as long as they live.
    let hangs = format!("exec 3>'{}'; sleep 1000 & sleep 1000", pipe.display());
    let (told, ended) = mpsc::channel();
    let begun = Arc::new(AtomicBool::new(false));
    let has_begun = Arc::clone(&begun);
    thread::spawn(move || {
        let mut pipe = fs::File::open(pipe).unwrap();
        has_begun.store(true, Ordering::SeqCst);
        told.send(pipe.read_to_end(&mut Vec::new()).unwrap()).unwrap();
    });
    let error = TokenSource::Command(hangs).read_quietly(&|| begun.load(Ordering::SeqCst)).unwrap_err();
    assert_eq!(error.to_string(), "the command in `api.token_command` took too long and was ended");
    assert_eq!(ended.recv_timeout(Duration::from_secs(60)), Ok(0), "something of it lives on");
}

#[rstest]
#[case(" \n", "it is empty")]
#[case("two words", "a token is one word of visible ASCII characters")]
#[case("one\ntwo", "a token is one word of visible ASCII characters")]
#[case("s3cr3t\u{1b}[31m", "a token is one word of visible ASCII characters")]
#[case("s3cr3tä", "a token is one word of visible ASCII characters")]
fn what_is_no_token_is_refused_unseen(#[case] text: &str, #[case] why: &str) {
    let (_folder, path) = token_file(text, 0o600);
    let expected = format!("the token file {} holds no token: {why}", path.display());
    assert_eq!(read(&TokenSource::File(path)), Err(expected));
}

#[test]
fn no_debug_output_shows_it() {
    let settings = settings(&[("DOORLIST_TOKEN", "s3cr3t")]).unwrap();
    assert!(!format!("{settings:?} {:?}", settings.token.read()).contains("s3cr3t"));
}
