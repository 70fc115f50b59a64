import ArgumentParser
import Webhooks

/// The command-line tool: runs a stack on this machine, and plays every part around it.
@main
struct MartletCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "martlet", abstract: "Runs and operates Martlet, which delivers webhooks for many tenants.",
        version: Martlet.version,
        subcommands: [
            UpCommand.self, DownCommand.self, StatusCommand.self, LogsCommand.self, MigrateCommand.self,
            TenantCommand.self, TokenCommand.self, SendCommand.self, ReceiveCommand.self, SignCommand.self,
            VerifyCommand.self, KeysCommand.self, BenchCommand.self, SoakCommand.self, PrepareCommand.self,
            DemoCommand.self,
        ])
}
