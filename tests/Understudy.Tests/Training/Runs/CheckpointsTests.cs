using Understudy.Common;
using Understudy.Training;
using Understudy.Training.Optimisers;
using static TorchSharp.torch;

namespace Understudy.Tests.Training;

[Collection("torch")]
public sealed class CheckpointsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("understudy-checkpoints-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>A module with a buffer, an optimiser, a number and an unfinished tick: all kinds of state.</summary>
    private sealed class Toy : IDisposable
    {
        private readonly TorchSharp.Modules.BatchNorm1d _module = nn.BatchNorm1d(3);
        private readonly FlatParameters _flat;
        private readonly Adam _adam;

        public Toy()
        {
            _flat = new(_module);
            _adam = new(_flat, 0.01);
            State = new TrainingState().Add("module", _module).Add("adam", _adam).Add("mean", () => Mean, v => Mean = v)
                .Add("tick", Tick.Save, Tick.Load);
        }

        public TrainingState State { get; }

        public double Mean { get; set; }

        public TickStats Tick { get; } = new();

        public void Step(int step)
        {
            using var scope = NewDisposeScope();
            _adam.ZeroGradient();
            _module.call(new Keys(5).Normal("x", step, 8, 3)).pow(3).sum().backward();
            _adam.Step();
            Mean = 0.9 * Mean + 0.1 * step / 3;
            Tick.Add("loss", step / 7.0);
        }

        public byte[] Bytes(string folder)
        {
            var path = Path.Combine(folder, "bytes.tmp");
            State.Write(path, 0, new Dictionary<string, string>());
            return File.ReadAllBytes(path);
        }

        public void Dispose() { _adam.Dispose(); _flat.Dispose(); _module.Dispose(); }
    }

    private static readonly Dictionary<string, string> About = new() { ["options"] = "{}" };

    [Fact]
    public void Restore_ThenGoOn_EqualsTheUnbrokenRunToTheLastBit()
    {
        using var unbroken = new Toy();
        for (int s = 0; s < 6; s++) unbroken.Step(s);
        var checkpoints = new Checkpoints(_folder);
        using (var first = new Toy())
        {
            for (int s = 0; s < 3; s++) first.Step(s);
            checkpoints.Save(first.State, 3, About);
        }
        using var second = new Toy();
        Assert.Equal(3, checkpoints.Restore(second.State, ProgressSink.None));
        for (int s = 3; s < 6; s++) second.Step(s);
        Assert.Equal(unbroken.Bytes(_folder), second.Bytes(_folder));
        Assert.Equal(unbroken.Tick.Take(), second.Tick.Take());
    }

    [Fact]
    public void Save_ManyTimes_KeepsTheNewestAndTheBest()
    {
        var checkpoints = new Checkpoints(_folder, keep: 2);
        using var toy = new Toy();
        for (int s = 1; s <= 5; s++) checkpoints.Save(toy.State, s, About, best: s == 2);
        Assert.Equal([5L, 4L], checkpoints.All.Select(c => c.Step));
        Assert.Equal("2", SafetensorsFile.ReadMetadata(checkpoints.BestFile)["step"]);
        Assert.Equal("{}", SafetensorsFile.ReadMetadata(checkpoints.BestFile)["options"]);
    }

    [Theory]
    [InlineData("truncated")]
    [InlineData("flipped bit")]
    [InlineData("emptied")]
    public void Restore_NewestDamaged_FallsBackWithAWarning(string damage)
    {
        var checkpoints = new Checkpoints(_folder);
        using var toy = new Toy();
        checkpoints.Save(toy.State, 1, About);
        toy.Step(1);
        checkpoints.Save(toy.State, 2, About);
        var newest = checkpoints.All[0].Path;
        var bytes = File.ReadAllBytes(newest);
        if (damage == "flipped bit") bytes[^9] ^= 1;
        File.WriteAllBytes(newest, damage switch { "truncated" => bytes[..^5], "emptied" => [], _ => bytes });
        var said = new Collected();
        using var other = new Toy();
        Assert.Equal(1, checkpoints.Restore(other.State, said));
        Assert.Contains(Path.GetFileName(newest), Assert.Single(said.Lines), StringComparison.Ordinal);
        Assert.False(File.Exists(newest));
    }

    [Fact]
    public void Restore_AllDamaged_SaysWhatToDo()
    {
        var checkpoints = new Checkpoints(_folder);
        using var toy = new Toy();
        checkpoints.Save(toy.State, 1, About);
        File.WriteAllText(checkpoints.All[0].Path, "rubbish, and no checkpoint");
        var e = Assert.Throws<InvalidDataException>(() => checkpoints.Restore(toy.State, ProgressSink.None));
        Assert.Contains("start anew", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Restore_NothingThere_IsNull()
    {
        using var toy = new Toy();
        Assert.Null(new Checkpoints(Path.Combine(_folder, "none")).Restore(toy.State, ProgressSink.None));
    }

    [Fact]
    public void Read_AnotherFormat_IsRefusedByName()
    {
        var path = Path.Combine(_folder, "other.safetensors");
        SafetensorsFile.Write(path, new Dictionary<string, string> { ["format"] = "understudy/checkpoint/99" }, []);
        using var toy = new Toy();
        var e = Assert.Throws<InvalidDataException>(() => toy.State.Read(path));
        Assert.Contains("understudy/checkpoint/99", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Save_DiskFull_KeepsTheLastWholeCheckpoint()
    {
        var checkpoints = new Checkpoints(_folder);
        using var toy = new Toy();
        checkpoints.Save(toy.State, 1, About);
        // The neighbour that the next file is first written to leads to the device that is always full.
        if (!File.Exists("/dev/full")) return;
        var next = Path.Combine(_folder, "checkpoint-0000000002.safetensors");
        File.CreateSymbolicLink(next + AtomicFile.PartialSuffix, "/dev/full");
        var e = Assert.Throws<IOException>(() => checkpoints.Save(toy.State, 2, About));
        Assert.Contains(next, e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(next));
        Assert.Equal(1, checkpoints.Restore(toy.State, ProgressSink.None));
    }

    /// <summary>What a kill between the two leaves: the best must be there if its FD is on record.</summary>
    [Fact]
    public void Save_BestButStoppedBeforeTheRegularFile_HasKeptTheBest()
    {
        var checkpoints = new Checkpoints(_folder);
        using var toy = new Toy();
        checkpoints.Save(toy.State, 1, About, best: true);
        // A folder is where the next file is to be written.
        Directory.CreateDirectory(Path.Combine(_folder, "checkpoint-0000000002.safetensors" + AtomicFile.PartialSuffix));
        Assert.Throws<IOException>(() => checkpoints.Save(toy.State, 2, About, best: true));
        Assert.Equal("2", SafetensorsFile.ReadMetadata(checkpoints.BestFile)["step"]);
        Assert.Equal(1, checkpoints.Restore(toy.State, ProgressSink.None));
    }

    private sealed class Collected : ProgressSink
    {
        public List<string> Lines { get; } = [];

        public override void Report(string task, double done, double total, string unit, string? note = null) { }

        public override void Say(string line) => Lines.Add(line);
    }
}
