using Understudy.Common;
using Understudy.Studies;

namespace Understudy.Tests.Studies;

public sealed class StageFolderTests : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly Stage _stage = new("a stage", "fake", 1, 0, "{}", []);

    [Fact]
    public void Work_Done_IsNotDoneTwice()
    {
        var kind = new Fake(s => File.WriteAllText(s.Output("result"), "1"));

        Work(kind);
        Work(kind);

        Assert.Equal(1, kind.Runs);
        Assert.True(Folder.IsDone);
    }

    [Fact]
    public void Work_OutputThatChangedItsSize_IsDoneAgain()
    {
        var kind = new Fake(s => File.WriteAllText(s.Output("result"), "1"));
        Work(kind);
        File.WriteAllText(Path.Combine(Folder.Path, "result"), "other");

        Work(kind);

        Assert.Equal(2, kind.Runs);
        Assert.Equal("1", File.ReadAllText(Path.Combine(Folder.Path, "result")));
    }

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "checkpoint")]
    public void Work_AfterAFailure_KeepsLeftoversOnlyWhereTheyCanBeResumed(bool resumes, string left)
    {
        var seen = "";
        var fails = new Fake(s =>
        {
            File.WriteAllText(s.Output("checkpoint"), "1");
            File.WriteAllText(s.Output("half" + AtomicFile.PartialSuffix), "1");
            throw new IOException("full");
        }, resumes);
        Assert.Throws<IOException>(() => Work(fails));
        Assert.False(Folder.IsDone);

        Work(new Fake(s =>
            seen = string.Join(",",
                Directory.GetFiles(s.Output(".")).Select(Path.GetFileName).Where(f => f is "checkpoint" or "half.partial")),
                    resumes));

        Assert.Equal(left, seen);
    }

    [Fact]
    public async Task Work_AnotherProcessAtIt_IsWaitedFor()
    {
        Directory.CreateDirectory(Folder.Path);
        var progress = new CollectedProgress();
        var kind = new Fake(s => File.WriteAllText(s.Output("result"), "1"));
        Task work;
        using (new FileStream(Path.Combine(Folder.Path, StageFolder.LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite,
            FileShare.None))
        {
            work = Task.Run(() => Folder.Work(kind, 1, progress, default));
            Assert.True(SpinWait.SpinUntil(() => progress.Lines.Count > 0, TimeSpan.FromSeconds(20)));
            Assert.Equal(0, kind.Runs);
        }
        await work;

        Assert.Equal(["a stage: another process works on it; waiting for it to end"], progress.Lines);
        Assert.Equal(1, kind.Runs);
    }

    [Fact]
    public void Work_Restricted_IsMarked()
    {
        Work(new Fake(s => s.Restrict()));

        Assert.StartsWith("Holds real images", File.ReadAllText(Path.Combine(Folder.Path, StageFolder.RestrictedFile)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Work_FolderThatCannotBeMade_NamesItAndTheCure()
    {
        File.WriteAllText(_temp["file"], "");

        var e = Assert.Throws<IOException>(() =>
            new StageFolder(_temp["file"], _stage).Work(new Fake(_ => { }), 1, ProgressSink.None, default));

        Assert.StartsWith($"cannot make {_temp["file"]}/{_stage.Id}: ", e.Message, StringComparison.Ordinal);
        Assert.EndsWith("; choose another place with UNDERSTUDY_RUNS", e.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _temp.Dispose();

    private StageFolder Folder => new(_temp.Path, _stage);

    private void Work(StageKind kind) => Folder.Work(kind, 1, ProgressSink.None, default);

    private sealed class Fake(Action<StageContext> body, bool resumes = false) : StageKind("fake", 1, resumes: resumes)
    {
        public int Runs { get; private set; }

        public override void Run(StageContext stage)
        {
            Runs++;
            body(stage);
        }
    }
}
