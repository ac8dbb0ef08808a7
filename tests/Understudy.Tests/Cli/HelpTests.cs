using System.CommandLine;
using Understudy.Cli;

namespace Understudy.Tests.Cli;

/// <summary>
/// Every help text, whole, against docs/help. After a change: <c>UNDERSTUDY_UPDATE_HELP=1 dotnet test --filter HelpTests</c>, then read the diff.
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

        Assert.Equal(CommandLine.Done, CommandLine.Run([.. verb.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"], output, TextWriter.Null));

        var help = string.Join('\n', output.ToString().ReplaceLineEndings("\n").Split('\n').Select(l => l.TrimEnd())).TrimEnd() + "\n";
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

    private static string NameOf(string verb) => verb.Length == 0 ? "understudy" : verb.Replace(' ', '-');

    private static IEnumerable<string> Paths(Command command, string path) => command.Subcommands.Where(c => !c.Hidden)
        .SelectMany(c => Paths(c, $"{path} {c.Name}".Trim())).Prepend(path);
}
