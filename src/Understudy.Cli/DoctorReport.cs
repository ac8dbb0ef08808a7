using System.Text;
using Understudy.Common;
using Understudy.Evaluation.Diagnosis;
using Understudy.Studies.Doctor;

namespace Understudy.Cli;

/// <summary>What the doctor found, for people and for scripts.</summary>
internal static class DoctorReport
{
    private const int Width = 100;
    private const string Indent = "  ";

    private static readonly Severity[] Worst = [.. Enum.GetValues<Severity>().OrderDescending()];

    public static void Write(TextWriter output, IReadOnlyList<Artefact> artefacts, IReadOnlyList<Complaint> complaints,
        bool fine, bool colour)
    {
        output.WriteLine("looked at "
            + string.Join(", ", artefacts.GroupBy(a => a.Kind).OrderBy(g => g.Key).Select(g => Count(g.Count(), Words(g.Key)))));
        foreach (var (about, finding) in complaints.Where(c => fine || c.Finding.Severity > Severity.Fine))
        {
            output.WriteLine();
            output.WriteLine($"{Paint(finding.Severity.Word(), finding.Severity, colour)}  {about}  [{finding.Detector}]");
            Wrap(output, finding.Message);
            if (finding.Cure.Length > 0) Wrap(output, "Cure: " + finding.Cure);
        }
        output.WriteLine();
        output.WriteLine(string.Join(", ", Worst.Select(s => Summary(s, complaints.Count(c => c.Finding.Severity == s)))));
    }

    public static string Json(IReadOnlyList<Artefact> artefacts, IReadOnlyList<Complaint> complaints) => StrictJson.Write(new
    {
        Counts = Worst.ToDictionary(s => s.Word(), s => complaints.Count(c => c.Finding.Severity == s)),
        Artefacts = artefacts.Select(a => new { a.Name, a.Kind, a.Classes, Split = a.SplitHash }),
        Findings = complaints.Select(c => new
        {
            c.About,
            c.Finding.Detector,
            Severity = c.Finding.Severity.Word(),
            c.Finding.Message,
            c.Finding.Cure,
            Evidence = c.Finding.Evidence.ToDictionary(e => e.Name, e => e.Value),
        }),
    });

    private static (string One, string Many) Words(ArtefactKind kind) => kind switch
    {
        ArtefactKind.Images => ("image set", "image sets"),
        ArtefactKind.SyntheticImages => ("synthetic set", "synthetic sets"),
        ArtefactKind.Labels => ("table of labels", "tables of labels"),
        ArtefactKind.Predictions => ("test", "tests"),
        ArtefactKind.Unreadable => ("unreadable file", "unreadable files"),
        _ => (kind.Word(), kind.Word() + "s"),
    };

    private static string Count(int n, (string One, string Many) words) =>
        FormattableString.Invariant($"{n} {(n == 1 ? words.One : words.Many)}");

    private static string Summary(Severity severity, int n) =>
        severity is Severity.Fault or Severity.Warning ? Count(n, (severity.Word(), severity.Word() + "s"))
            : FormattableString.Invariant($"{n} {severity.Word()}");

    private static string Paint(string text, Severity severity, bool colour) => !colour ? text : severity switch
    {
        Severity.Fault => $"\x1b[1;31m{text}\x1b[0m",
        Severity.Warning => $"\x1b[33m{text}\x1b[0m",
        Severity.Fine => $"\x1b[32m{text}\x1b[0m",
        _ => $"\x1b[36m{text}\x1b[0m",
    };

    private static void Wrap(TextWriter output, string text)
    {
        var line = new StringBuilder(Indent);
        foreach (var word in text.Split(' '))
        {
            if (line.Length > Indent.Length && line.Length + word.Length > Width)
            {
                output.WriteLine(line.ToString().TrimEnd());
                line.Clear().Append(Indent);
            }
            line.Append(word).Append(' ');
        }
        output.WriteLine(line.ToString().TrimEnd());
    }
}
