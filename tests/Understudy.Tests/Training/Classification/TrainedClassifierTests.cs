using Understudy.Common;
using Understudy.Training.Classification;

namespace Understudy.Tests.Training.Classification;

[Collection("torch")]
public sealed class TrainedClassifierTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("understudy-classifier-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_FilesThatAreNone_SayWhyAndWhatToDo()
    {
        var data = Stripes.Data(Stripes.Draw(40), 32, 8);
        var file = ClassifierTrainer.Train(Stripes.Options with { Epochs = 1 }, data, _folder, 1, ProgressSink.None,
            default).File;
        var content = SafetensorsFile.Read(file);
        string Message(Action<Dictionary<string, string>> change, int skip = 0)
        {
            var header = content.Metadata.ToDictionary();
            change(header);
            var path = Path.Combine(_folder, "changed.safetensors");
            SafetensorsFile.Write(path, header,
                content.Entries.Skip(skip).Select(e => (e.Key, e.Value.Dtype, e.Value.Shape, e.Value.Data)));
            return Assert.Throws<InvalidDataException>(() => TrainedClassifier.Load(path).Dispose()).Message;
        }
        Assert.Contains("no classifier of format understudy/classifier/3 (it says: understudy/classifier/4)",
            Message(h => h["format"] = "understudy/classifier/4"), StringComparison.Ordinal);
        Assert.Contains("arch: 'resnet' is not known",
            Message(h => h["options"] = h["options"].Replace("\"screening\"", "\"resnet\"", StringComparison.Ordinal)),
                StringComparison.Ordinal);
        Assert.Contains("its header lacks 'classes'", Message(h => h.Remove("classes")), StringComparison.Ordinal);
        Assert.Contains("'fc.weight' is [3, 128]; this network's is [2, 128]", Message(h => h["classes"] = """["a","b"]"""),
            StringComparison.Ordinal);
        var changed = Path.Combine(_folder, "changed.safetensors");
        Assert.Equal($"{changed}: classes: 1 is out of range; give 2 to 100000", Message(h => h["classes"] = """["a"]"""));
        Assert.Equal($"{changed}: class name 'a' is given twice", Message(h => h["classes"] = """["a","a","b"]"""));
        var channels = Message(h => h["channels"] = "5");
        Assert.Equal($"{changed}: channels: 5 is not 1 (grey) or 3 (RGB); the file was changed", channels);
        var small = Message(h => h["options"] = h["options"].Replace("\"screening\"", "\"resnet18\"", StringComparison.Ordinal));
        Assert.StartsWith($"{changed}: ", small, StringComparison.Ordinal);
        Assert.Contains("size: 16 is out of range for resnet18; give 32", small, StringComparison.Ordinal);
        Assert.Contains("is of another network: it lacks ", Message(_ => { }, skip: 1), StringComparison.Ordinal);
    }

    [Fact]
    public void ReadAbout_ATrainedClassifier_TellsItsOrigin()
    {
        var data = Stripes.Data(Stripes.Draw(40), 32, 8);
        var result = ClassifierTrainer.Train(Stripes.Options with { Epochs = 1 }, data, _folder, 7, ProgressSink.None, default);
        var about = TrainedClassifier.ReadAbout(result.File);
        Assert.Equal((Stripes.Classes, 1, "split", 7UL, result.Best),
            (about.Classes, about.Channels, about.SplitHash, about.Seed, about.Best));
        Assert.Equal(Stripes.Options with { Epochs = 1 }, about.Options);
    }
}
