//! The help, the completions and the manual.

use crate::tool;

const COMMANDS: [&str; 11] = [
    "ls",
    "show",
    "set",
    "add",
    "wait",
    "top",
    "rm",
    "gc",
    "export",
    "completions",
    "man",
];

pub(crate) fn the_help_tells_every_exit_status() {
    let help = tool::out(&["--help"]);
    for command in COMMANDS {
        assert!(
            help.contains(&format!("\n  {command} ")),
            "{command}: {help}"
        );
        tool::out(&[command, "--help"]);
    }
    let (_, status) = help.split_once("Exit status:").expect("it is told");
    for code in ["  0  ", "  1  ", "  2  ", "  3  "] {
        assert!(status.contains(code), "{status}");
    }
    assert_eq!(
        tool::out(&["--version"]),
        format!("shmstate {}\n", env!("CARGO_PKG_VERSION"))
    );
}

pub(crate) fn a_wrong_command_line_ends_with_its_own_status() {
    let wrong: [&[&str]; 8] = [
        &[],
        &["lst"],
        &["show"],
        &["set", "name", "field"],
        &["wait", "name", "field"],
        &["wait", "name", "field", "changed", "--timeout", "soon"],
        &["export", "name"],
        &["export", "--prometheus", "name", "--listen=here"],
    ];
    for arguments in wrong {
        let ran = tool::run(arguments);
        assert_eq!(ran.code, Some(2), "{arguments:?}: {ran:?}");
        assert!(ran.out.is_empty(), "{ran:?}");
    }
    let told = tool::run(&["lst"]).err;
    assert!(told.contains("'ls'"), "{told}");
    let told = tool::run(wrong[7]).err;
    assert!(told.contains("such as `127.0.0.1:9100`"), "{told}");
}

pub(crate) fn completions_are_made_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = tool::out(&["completions", shell]);
        for command in COMMANDS {
            assert!(script.contains(command), "{shell}: {command}");
        }
    }
}

pub(crate) fn the_manual_has_a_page_on_every_command() {
    let page = tool::out(&["man"]);
    assert!(page.contains(".TH SHMSTATE 1"), "{page}");
    for command in COMMANDS {
        assert!(
            page.contains(&format!("shmstate\\-{command}(1)")),
            "{command}: {page}"
        );
        let page = tool::out(&["man", command]);
        assert!(
            page.contains(&format!(".TH SHMSTATE-{} 1", command.to_uppercase())),
            "{page}"
        );
        assert!(page.contains(".SH \"EXIT STATUS\"\n"), "{page}");
    }
    // It has to do with segments, of which these know nothing.
    for (command, told) in [("show", true), ("man", false), ("completions", false)] {
        let help = tool::out(&[command, "--help"]);
        assert_eq!(help.contains("--foreign-owner"), told, "{help}");
    }
    let message = tool::error(&["man", "lst"], 2);
    assert_eq!(
        message,
        "there is no command `lst`; `shmstate help` lists them"
    );
}
