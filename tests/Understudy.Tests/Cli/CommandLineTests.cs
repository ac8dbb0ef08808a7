using Understudy.Cli;
using Understudy.Common;
using Understudy.Studies;

namespace Understudy.Tests.Cli;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("rnu", "understudy: unknown verb 'rnu'; did you mean 'run'? (see: understudy --help)")]
    [InlineData("run --sed 3", "understudy: unknown option '--sed'; did you mean '--seed'? (see: understudy run --help)")]
    [InlineData("run --dryrun", "understudy: unknown option '--dryrun'; did you mean '--dry-run'? (see: understudy run --help)")]
    [InlineData("runs lst", "understudy: unknown verb 'lst'; did you mean 'list'? (see: understudy runs --help)")]
    [InlineData("data describe x --crop centre",
        "understudy: --crop: 'centre' is not known; one of: none, center, pad (see: understudy data describe --help)")]
    [InlineData("gan mix x --noise random",
        "understudy: --noise: 'random' is not known; one of: const, none (see: understudy gan mix --help)")]
    [InlineData("gan export x --out y.onnx --part 1",
        "understudy: --part: '1' is not known; one of: generator, live, discriminator (see: understudy gan export --help)")]
    [InlineData("gan train x --out y --role judge --role all",
        "understudy: --role: 'all' is not known; one of: generator, judge, validation, holdout, test (see: understudy gan train --help)")]
    [InlineData("bench gan --precision auto",
        "understudy: --precision: 'auto' is not known; one of: float32, bfloat16 (see: understudy bench gan --help)")]
    [InlineData("report", "understudy: Required argument missing for command: 'report' (see: understudy report --help)")]
    [InlineData("run --seed -1", "understudy: --seed: '-1' is not a whole number of 0 or more (see: understudy run --help)")]
    [InlineData("run --jobs 1.5", "understudy: --jobs: '1.5' is not a whole number (see: understudy run --help)")]
    [InlineData("run --minutes ten", "understudy: --minutes: 'ten' is not a number (see: understudy run --help)")]
    [InlineData("gan train x --out y --kimg 4k", "understudy: --kimg: '4k' is not a number (see: understudy gan train --help)")]
    [InlineData("classify train x --out y --epochs 99999999999",
        "understudy: --epochs: '99999999999' is not a whole number (see: understudy classify train --help)")]
    public void Run_Mistake_NamesItAndTheNearestWord(string command, string message)
    {
        var (code, output, error) = Run(command);

        Assert.Equal((CommandLine.Mistake, "", message + "\n"), (code, output, error));
    }

    [Theory]
    [InlineData("run nowhere.yaml",
        "understudy: nowhere.yaml: no such study file; studies/ holds some, and without a name the built-in toy study runs")]
    [InlineData("run --jobs 0", "understudy: --jobs: 0 is out of range; give 1 to 256")]
    [InlineData("run --set kimg", "understudy: --set kimg: give key=value, such as generators.g24.kimg=20")]
    [InlineData("run --data nowhere",
        "understudy: nowhere: no such file or folder; name the images with --data, or in the study's data.source")]
    [InlineData("report nowhere",
        "understudy: nowhere: holds no study (plan.json is missing); understudy runs list shows where studies are")]
    public void Run_ThingsThatAreNotThere_AreTheCallersMistake(string command, string message)
    {
        var (code, output, error) = Run(command);

        Assert.Equal((CommandLine.Mistake, "", message + "\n"), (code, output, error));
    }

    [Theory]
    [InlineData("gan trian --help", "unknown verb 'trian'; did you mean 'train'? (see: understudy gan --help)")]
    [InlineData("classify features --help", "unknown verb 'features' (see: understudy classify --help)")]
    [InlineData("help rnu", "unknown verb 'rnu'; did you mean 'run'? (see: understudy --help)")]
    public void Run_HelpOfNoVerb_IsAMistakeToo(string command, string message) =>
        Assert.Equal((CommandLine.Mistake, "", $"understudy: {message}\n"), Run(command));

    [Theory]
    [InlineData("help run", "run --help")]
    [InlineData("help gan train", "gan train --help")]
    [InlineData("help", "--help")]
    public void Run_HelpAsAVerb_IsTheOption(string command, string same) => Assert.Equal(Run(same), Run(command));

    [Theory]
    [InlineData("-5")]
    [InlineData("NaN")]
    public void Run_MinutesThatAreNone_IsRefusedBeforeAnyWork(string minutes)
    {
        foreach (var dry in new[] { "", " -n" })
        {
            var (code, output, error) = Run($"run --minutes {minutes}{dry}");
            Assert.Equal((CommandLine.Mistake, ""), (code, output));
            Assert.Equal($"understudy: --minutes: {minutes} is out of range; give 0.5 to 100000\n", error);
        }
    }

    [Theory]
    [InlineData("generate runs/g --out a.zip", "nothing of it is kept; start anew")]
    [InlineData("classify test runs/c faces.zip", "nothing of it is kept; start anew")]
    [InlineData("classify train faces.zip --out c", "resume")]
    [InlineData("gan resume runs/g", "resume")]
    public void Explain_Interrupted_PromisesToResumeOnlyWhereThereIsACheckpoint(string command, string says) =>
        Assert.Equal($"interrupted; {says} with: understudy {command}",
            Failure.Explain(new OperationCanceledException(), command.Split(' ')).Text);

    [Fact]
    public void Explain_TheRuntimesOwnWords_BecomeThePathAndWhatItIs()
    {
        using var folder = new TempFolder();
        string Told(string path) => Failure.Explain(Assert.ThrowsAny<Exception>(() => File.ReadAllText(path)), []).Text;

        Assert.Equal($"{folder["no.csv"]}: there is no such file or folder", Told(folder["no.csv"]));
        Assert.Equal($"{folder["no/one.csv"]}: there is no such file or folder", Told(folder["no/one.csv"]));
        Assert.Equal($"{folder.Path}: is a folder; name a file", Told(folder.Path));
    }

    [Fact]
    public void Evaluate_Folder_NamesTheFileInIt()
    {
        using var folder = new TempFolder();
        string Told() => Run($"evaluate {folder.Path}").Error;

        Assert.Equal($"understudy: {folder.Path}: is a folder; name a predictions.csv, "
            + "such as understudy classify test writes\n", Told());
        File.WriteAllText(folder["predictions.csv"], "id,label,a,b\n");
        Assert.Equal($"understudy: {folder.Path}: is a folder; did you mean {folder["predictions.csv"]}?\n", Told());
    }

    [Fact]
    public void Run_Nothing_ShowsTheHelp() => Assert.StartsWith("Description:", Run("").Output, StringComparison.Ordinal);

    public static TheoryData<Exception, int, string> Failures => new()
    {
        { new OptionException("psi: 9 is out of range; give 0 to 2"), 2, "psi: 9 is out of range; give 0 to 2" },
        { new ArgumentException("wrong", "images"), 2, "wrong" },
        { new InvalidDataException("x.png: is cut short"), 2, "x.png: is cut short" },
        { new UnauthorizedAccessException("Access to the path 'x' is denied."), 2,
            "Access to the path 'x' is denied; give yourself access to it, or name another path" },
        { new FileNotFoundException("Could not find file.", "faces.zip"), 2, "faces.zip: there is no such file or folder" },
        { new IOException("cannot write runs/x: No space left on device"), 1, "cannot write runs/x: No space left on device" },
        { new StageException("generator g32: crashed", 1), 1, "generator g32: crashed" },
        { new OperationCanceledException(), 130, "interrupted; resume with: understudy run 'my study.yaml' --seed 3" },
        { new DllNotFoundException("no libtorch\nat all"), 1, "a native library does not load: no libtorch" },
        { new InvalidOperationException("odd\nend"), 1,
            "InvalidOperationException: odd (run again with --verbose for all details)" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void Explain_Exception_BecomesAMessageAndAnExitCode(Exception e, int code, string text) =>
        Assert.Equal((code, text), Failure.Explain(e, ["run", "my study.yaml", "--seed", "3"]));

    [Theory]
    [InlineData("run study.yaml", "/data/runs", "UNDERSTUDY_RUNS=/data/runs understudy run study.yaml")]
    [InlineData("--verbose run", "my runs/it's", @"UNDERSTUDY_RUNS='my runs/it'\''s' understudy --verbose run")]
    [InlineData("run study.yaml", null, "understudy run study.yaml")]
    [InlineData("gan resume run", "/data/runs", "understudy gan resume run")]
    public void Explain_InterruptedWhereRunsLieElsewhere_SaysWhere(string command, string? runs, string resume) =>
        Assert.Equal($"interrupted; resume with: {resume}",
            Failure.Explain(new OperationCanceledException(), command.Split(' '), runs).Text);

    [Fact]
    public void Tell_Verbose_AddsTheDetails()
    {
        using var error = new StringWriter();

        Failure.Tell(new InvalidDataException("x"), error, verbose: true, []);

        Assert.Contains("System.IO.InvalidDataException: x", error.ToString(), StringComparison.Ordinal);
    }

    private static (int Code, string Output, string Error) Run(string command) =>
        CommandRun.Of(command.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
