import ArgumentParser
import Foundation

/// What a command knows without being told: the environment, and the file that `MARTLET_CONFIG_FILE` names, else what
/// `martlet up` wrote into its directory.
///
/// A variable of the environment wins. So the commands work in the folder where the stack was started, without exports.
struct Surroundings {
    let environment: [String: String]
    let file: SettingsFile

    init(
        environment: [String: String] = ProcessInfo.processInfo.environment, file: SettingsFile? = nil
    ) {
        self.environment = environment
        self.file = file ?? SettingsFile(path: environment["MARTLET_CONFIG_FILE"] ?? ".local/martlet.env")
    }

    /// The value of a setting; nil if it is neither in the environment nor in the file, or empty.
    subscript(name: String) -> String? {
        [environment[name], file.values[name]].compactMap(\.self).first { !$0.isEmpty }
    }

    /// The value of a setting, or a failure that says how to give it.
    func required(_ name: String) throws -> String {
        guard let value = self[name] else {
            throw CommandFailure(
                "\(name) is not set; set it, or run this where `martlet up` has written .local/martlet.env")
        }
        return value
    }
}
