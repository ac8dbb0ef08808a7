using System.Diagnostics;
using Understudy.Common;
using Understudy.Studies;

namespace Understudy.Tests.Studies;

/// <summary>The tiny study, never interrupted: what every interrupted one must come to.</summary>
public sealed class UnbrokenStudy : IDisposable
{
    private readonly TinyStudy _study = new();

    public UnbrokenStudy()
    {
        var (code, error) = _study.Run();
        if (code != 0) throw new InvalidOperationException($"the tiny study ended with {code}: {error}");
        Summary = _study.Result();
        Generator = Fingerprint.OfFile(Directory.GetFiles(_study.Stages, "generator.safetensors", SearchOption.AllDirectories)
            .Single());
    }

    internal TinyStudy Study => _study;

    public byte[] Summary { get; }

    public string Generator { get; }

    public void Dispose() => _study.Dispose();
}

/// <summary>
/// What a kill, an orphaned child or a polite stop at any moment costs: time, never a bit of the result. POSIX signals: Linux.
/// </summary>
[Collection("torch")]
public sealed class KillTests(UnbrokenStudy unbroken) : IClassFixture<UnbrokenStudy>, IDisposable
{
    private const int SigTerm = 15, SigKill = 9;

    /// <summary>A kind of stage to strike, and whether while one of its files is half written.</summary>
    private static readonly (string Kind, bool MidWrite)[] Strikes =
    [
        ("data", false), ("data", true), ("split", false), ("generator", false), ("generator", true), ("generator", true),
        ("generator", false), ("generator", true),
        ("generate", false), ("generate", true), ("select", false), ("classifier", false), ("classifier", true),
        ("classifier", true), ("classifier", false),
        ("classifier", true), ("predict", false), ("predict", true), ("report", false), ("report", true),
    ];

    private readonly TinyStudy _study = new();

    [Fact]
    public void Run_KilledTwentyTimes_EndsAsIfItNeverWas()
    {
        if (!OperatingSystem.IsLinux()) return;
        var random = new KeyedRandom(20, "kills");
        var midWrites = new List<string>();
        foreach (var (kind, midWrite) in Strikes)
        {
            // A short stage can be over before the signal arrives: then it was no strike, and another one is made.
            for (int attempt = 0; !Strike(kind, midWrite, random, midWrites); attempt++)
                Assert.True(attempt < 20, $"no kill met a stage '{kind}'");
        }

        var (code, error) = _study.Run();

        Assert.True(code == 0, error);
        Assert.Equal(unbroken.Summary, _study.Result());
        Assert.Equal(unbroken.Generator,
            Fingerprint.OfFile(Directory.GetFiles(_study.Stages, "generator.safetensors", SearchOption.AllDirectories).Single()));
        Assert.Empty(Directory.GetFiles(_study.Stages, "*" + AtomicFile.PartialSuffix, SearchOption.AllDirectories));
        Assert.Contains("generator", midWrites);
        Assert.Contains("classifier", midWrites);
    }

    [Fact]
    public void Run_ParentKilledAlone_ItsChildStopsAndTheNextRunGoesOn()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var process = _study.Start();
        WaitForCheckpoint(process);
        TinyStudy.Signal(process.Id, SigKill);
        process.WaitForExit();

        var (code, error) = _study.Run();

        Assert.True(code == 0, error);
        Assert.Equal(unbroken.Summary, _study.Result());
    }

    [Fact]
    public void Run_Interrupted_CheckpointsAndSaysHowToResume()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var process = _study.Start();
        WaitForCheckpoint(process);
        TinyStudy.Signal(process.Id, SigTerm, group: true);
        var (code, error) = TinyStudy.Wait(process);

        Assert.Equal(130, code);
        Assert.Contains("stopping after this step; once more stops at once", error, StringComparison.Ordinal);
        Assert.Contains($"interrupted; resume with: {RunsFolder.Variable}={_study.Runs} understudy run ", error,
            StringComparison.Ordinal);
        Assert.DoesNotContain(_study.StageFolders("generator"), TinyStudy.IsDone);
        (code, error) = _study.Run();
        Assert.True(code == 0, error);
        Assert.Equal(unbroken.Summary, _study.Result());
    }

    [Fact]
    public void Run_Again_TrainsNothingAndSaysTheSame()
    {
        if (!OperatingSystem.IsLinux()) return;
        var before = DoneTimes();

        var (code, error) = unbroken.Study.Run();

        Assert.True(code == 0, error);
        Assert.Equal(before, DoneTimes());
        Assert.Equal(unbroken.Summary, unbroken.Study.Result());
    }

    [Fact]
    public void Report_OfAFinishedStudy_ComputesTheSameNumbersFromItsFiles()
    {
        if (!OperatingSystem.IsLinux()) return;
        File.Delete(Path.Combine(unbroken.Study.Folder, "summary.json"));
        File.Delete(Path.Combine(unbroken.Study.Folder, "report.html"));

        var (code, error) = unbroken.Study.Verb("report", unbroken.Study.Folder);

        Assert.True(code == 0, error);
        Assert.Equal(unbroken.Summary, unbroken.Study.Result());
        var report = File.ReadAllText(Path.Combine(unbroken.Study.Folder, "report.html"));
        Assert.All(["Losses of generator g", "coverage of real images of generator g"],
            figure => Assert.Contains(figure, report, StringComparison.Ordinal));
    }

    [Fact]
    public void Run_FullDisk_NamesTheFileAndGoesOnWhenThereIsRoom()
    {
        if (!OperatingSystem.IsLinux()) return;
        _study.FillDisk();

        var (code, error) = _study.Run();

        Assert.Equal(1, code);
        Assert.Contains($"understudy: cannot write {Path.Combine(_study.Folder, PlanFile.FileName)}: No space left on device",
            error, StringComparison.Ordinal);
        Assert.Contains(" device. Free some space, or choose another place with --out", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        (code, error) = _study.Run();
        Assert.True(code == 0, error);
        Assert.Equal(unbroken.Summary, _study.Result());
    }

    public void Dispose() => _study.Dispose();

    private List<(string, DateTime)> DoneTimes() =>
        [.. Directory.GetFiles(unbroken.Study.Stages, StageFolder.DoneFile, SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal).Select(f => (f, File.GetLastWriteTimeUtc(f)))];

    /// <summary>Starts the study and kills it, children and all, while a stage of this kind is under way.</summary>
    /// <returns>Whether it was: killed, and the stage not done.</returns>
    private bool Strike(string kind, bool midWrite, KeyedRandom random, List<string> midWrites)
    {
        Reopen(kind, random);
        using var process = _study.Start();
        var met = WaitFor(process, kind, midWrite, midWrite ? 0 : random.Next(kind is "generator" or "classifier" ? 400 : 3));
        TinyStudy.Signal(process.Id, SigKill, group: true);
        process.WaitForExit();
        if (process.ExitCode != 128 + SigKill || _study.StageFolders(kind).All(TinyStudy.IsDone)) return false;
        if (met) midWrites.Add(kind);
        return true;
    }

    /// <summary>
    /// Where all stages of a kind are done, one is undone, as `runs clean` does: it has to come out the same again.
    /// </summary>
    private void Reopen(string kind, KeyedRandom random)
    {
        var folders = _study.StageFolders(kind).Order(StringComparer.Ordinal).ToList();
        if (folders.Count > 0 && folders.TrueForAll(TinyStudy.IsDone))
            Directory.Delete(folders[random.Next(folders.Count)], recursive: true);
    }

    /// <summary>Until a stage of the kind is under way, and (where asked) has a file half written.</summary>
    /// <returns>Whether a half-written file was there.</returns>
    private bool WaitFor(Process process, string kind, bool midWrite, int milliseconds)
    {
        var clock = Stopwatch.StartNew();
        while (!process.HasExited && clock.Elapsed < TimeSpan.FromMinutes(2))
        {
            var open = _study.StageFolders(kind).FirstOrDefault(f => !TinyStudy.IsDone(f));
            if (open is null) continue;
            if (!midWrite)
            {
                Thread.Sleep(milliseconds);
                return false;
            }
            if (HasPartial(open)) return true;
        }
        return false;
    }

    /// <summary>Until the generator has a checkpoint: training is under way.</summary>
    private void WaitForCheckpoint(Process process)
    {
        while (!process.HasExited
            && !_study.StageFolders("generator").Any(f => Directory.Exists(Path.Combine(f, "run", "checkpoints"))
            && Directory.EnumerateFiles(Path.Combine(f, "run", "checkpoints")).Any())) Thread.Sleep(5);
    }

    private static bool HasPartial(string folder)
    {
        try { return Directory.EnumerateFiles(folder, "*" + AtomicFile.PartialSuffix, SearchOption.AllDirectories).Any(); }
        catch (DirectoryNotFoundException) { return false; /* just being cleaned */ }
    }
}
