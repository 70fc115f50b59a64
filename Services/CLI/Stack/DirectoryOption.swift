import ArgumentParser

/// `--directory`: which stack a command is about.
struct DirectoryOption: ParsableArguments {
    @Option(help: "Where the stack keeps its data, logs and secrets.")
    var directory: String = ".local"
}
