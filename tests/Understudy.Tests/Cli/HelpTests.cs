using System.CommandLine;
using Understudy.Cli;

namespace Understudy.Tests.Cli;

/// <summary>
/// Every help text, whole, against docs/help. After a change: <c>UNDERSTUDY_UPDATE_HELP=1 dotnet test --filter HelpTests</c>,
/// then read the diff.
/// </summary>
public sealed class HelpTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "docs", "help");

    public static TheoryData<string> Verbs => new(Paths(CommandLine.Create(), ""));

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Help_OfEveryVerb_IsTheGoldenText(string verb)
    {
        using var output = new StringWriter { NewLine = "\n" };

        Assert.Equal(CommandLine.Done,
            CommandLine.Run([.. verb.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"], output, TextWriter.Null));

        var help = string.Join('\n', output.ToString().ReplaceLineEndings("\n").Split('\n').Select(l => l.TrimEnd()))
            .TrimEnd() + "\n";
        var file = Path.Combine(Folder, NameOf(verb) + ".txt");
        if (Environment.GetEnvironmentVariable("UNDERSTUDY_UPDATE_HELP") == "1") File.WriteAllText(file, help);
        Assert.Equal(File.ReadAllText(file), help);
    }

    [Fact]
    public void Help_Files_AreOfVerbsThatThereAre() => Assert.Equal(
        Paths(CommandLine.Create(), "").Select(NameOf).Order(StringComparer.Ordinal),
        Directory.GetFiles(Folder).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));

    [Fact]
    public void Help_Text_IsShortAndHasNoLongLines()
    {
        Assert.InRange(File.ReadAllLines(Path.Combine(Folder, "understudy.txt")).Length, 10, 40);
        Assert.All(Directory.GetFiles(Folder).SelectMany(File.ReadAllLines), l => Assert.True(l.Length <= 120, l));
    }

    [Fact]
    public void Help_SummaryOfAVerb_IsTheWholeFirstSentenceOfItsOwnHelp()
    {
        foreach (var parent in Paths(CommandLine.Create(), ""))
        {
            foreach (var (verb, summary) in Summaries(NameOf(parent)))
            {
                var description = Paragraph(NameOf($"{parent} {verb}".Trim()));
                Assert.StartsWith(summary + ".", description, StringComparison.Ordinal);
                Assert.DoesNotContain(". ", summary, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Help_ValuesOfOptions_AreInLowerCaseAndHaveOneDefault()
    {
        foreach (var line in Directory.GetFiles(Folder).SelectMany(File.ReadAllLines))
        {
            Assert.DoesNotMatch("<[A-Z][a-z][A-Za-z0-9]*[|>]", line);
            Assert.DoesNotMatch(@"\[default:.*\[default:|\[default: [A-Z][a-z]|\(default:", line);
        }
    }

    [Fact]
    public void Help_Examples_StandOnOneLineEach()
    {
        foreach (var file in Directory.GetFiles(Folder))
        {
            var examples = File.ReadAllLines(file).SkipWhile(l => !l.StartsWith("  Example", StringComparison.Ordinal)).Skip(1);
            Assert.All(examples.TakeWhile(l => l.Length > 0),
                l => Assert.StartsWith("    understudy ", l, StringComparison.Ordinal));
        }
    }

    /// <summary>The first paragraph of a verb's own help, on one line.</summary>
    private static string Paragraph(string file) =>
        string.Join(' ', Lines(file).Skip(1).TakeWhile(l => l.Length > 0).Select(l => l.Trim()));

    private static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Folder, file + ".txt"));

    /// <summary>The verbs at the end of a help text with what is said of them, on one line each.</summary>
    private static List<(string Verb, string Summary)> Summaries(string file)
    {
        List<(string Verb, string Summary)> found = [];
        foreach (var line in Lines(file).SkipWhile(l => l != "Commands:").Skip(1))
        {
            if (line[2] != ' ') found.Add((line.Trim().Split(' ')[0], line[2..].Split("  ", 2)[1].Trim()));
            else found[^1] = found[^1] with { Summary = $"{found[^1].Summary} {line.Trim()}" };
        }
        return found;
    }

    private static string NameOf(string verb) => verb.Length == 0 ? "understudy" : verb.Replace(' ', '-');

    private static IEnumerable<string> Paths(Command command, string path) => command.Subcommands.Where(c => !c.Hidden)
        .SelectMany(c => Paths(c, $"{path} {c.Name}".Trim())).Prepend(path);
}
