/// Rows of cells, each column as wide as its widest cell.
struct TextTable {
    var rows: [[String]] = []

    /// - Parameter gap: spaces between two columns.
    func lines(gap: Int = 2) -> [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            var line = ""
            for (cell, width) in zip(row, widths) {
                line += cell + String(repeating: " ", count: width - cell.count + gap)
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
