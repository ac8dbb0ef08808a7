using System.CommandLine;
using Understudy.Cli;
using Understudy.Common;
using Understudy.Data;
using Understudy.Tests.Data;
using Understudy.Training;

namespace Understudy.Tests.Cli;

/// <summary>Whatever a verb writes takes nobody's place. It is refused before any work: no input here is what it seems.</summary>
public sealed class OutputFilesTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public OutputFilesTests()
    {
        Faces.WriteFolder(_temp["faces"], Faces.Parts);
        Faces.WriteZip(_temp["faces.zip"], Faces.Parts);
        File.WriteAllBytes(_temp["photo.png"], Faces.Png(1));
        File.WriteAllText(_temp["notes.csv"], "name,telephone\n");
        File.WriteAllText(_temp["drawing.svg"], "<svg xmlns=\"http://www.w3.org/2000/svg\"><title>A house</title></svg>");
        foreach (var (folder, weights) in new[] { ("g", GeneratorFile.Name), ("c", "classifier.safetensors") })
        {
            Directory.CreateDirectory(_temp[$"{folder}/checkpoints"]);
            File.WriteAllText(_temp[$"{folder}/options.json"], "{}");
            SafetensorsFile.Write(_temp[$"{folder}/{weights}"], Format(GeneratorFile.Format), []);
        }
        SafetensorsFile.Write(_temp["resnet.safetensors"], Format("pt"), []);
    }

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("data split @faces.zip --out @faces.zip", "give a file that ends in .csv")]
    [InlineData("data split @faces.zip --out @notes.csv", "is there already, and is no split; name another file, or remove it")]
    [InlineData("data split @faces.zip --groups @notes.csv --out @notes.csv", "is read by this very command; name another")]
    [InlineData("data split @faces.zip --out @c/split.csv", "is a file that the run in @c lives by; name another")]
    [InlineData("data split @faces.zip --out @faces", "give a file that ends in .csv")]
    [InlineData("classify predict @c @faces.zip --selection @c/taught.csv", "is a file that the run in @c lives by; name another")]
    [InlineData("data toy @new.zip --factors @notes.csv", "is there already, and is no table of drawn faces;")]
    [InlineData("classify predict @c @photo.png --out @photo.png", "is read by this very command; name another")]
    [InlineData("classify predict @c @faces --out @photo.png", "is there already, and is no classifier's answers;")]
    [InlineData("classify predict @c @photo.png --out @c", "is a folder; name a file")]
    [InlineData("classify test @c @faces.zip --out @notes.csv", "is there already, and is no predictions.csv;")]
    [InlineData("classify export @c --out @c/classifier.safetensors", "give a file that ends in .onnx")]
    [InlineData("gan export @g --out @g/generator.safetensors", "is a file that the run in @g lives by; name another")]
    [InlineData("gan export @g --out @g/checkpoints/mine.safetensors", "is a file that the run in @g lives by; name another")]
    [InlineData("gan export @g --out @resnet.safetensors", "is no generator's weights that understudy wrote;")]
    [InlineData("gan export @g/generator.safetensors --out @g/generator.safetensors", "is read by this very command")]
    [InlineData("gan import @resnet.safetensors --out @gi.onnx", "give a file that ends in .safetensors")]
    [InlineData("gan sheet @g --out @g/options.json", "give a file that ends in .png")]
    [InlineData("gan sheet @g --out @photo.png", "is there already, and is no picture that understudy drew;")]
    [InlineData("gan curves @g --out @g/options.json", "give a file that ends in .svg")]
    [InlineData("gan curves @g --out @drawing.svg", "is there already, and is no chart that understudy drew;")]
    [InlineData("gan mix @g --out @faces.zip", "give a file that ends in .png")]
    [InlineData("gan interpolate @g --out @walk.gif", "give a file that ends in .png")]
    [InlineData("gan interpolate @g --out @walk.png --strip @photo.png", "is no picture that understudy drew;")]
    [InlineData("generate @g --remake a --manifest @faces --out @again.jpg", "give a file that ends in .png")]
    [InlineData("generate @g --count 1 --out @imp.safetensor", "no set is written as '.safetensor'; give .safetensors, .zip, or")]
    [InlineData("data import @faces.zip --out @set.tar", ".zip, or a folder (@set.tar/ for one of that name)")]
    [InlineData("generate @g --count 1 --out @faces.zip --overwrite", "holds other files than an image set (labels.csv and")]
    [InlineData("data import @faces --out @g/generator.safetensors --overwrite", "holds other files than an image set")]
    [InlineData("gan project @g @photo.png --out @c", "holds other files, such as checkpoints; choose a new or an empty")]
    [InlineData("gan project @g @photo.png --out @faces.zip", "is a file; choose a new or an empty folder with --out")]
    [InlineData("classify train @faces.zip --out @faces", "holds other files, such as test; choose a new or an empty")]
    [InlineData("gan train @faces.zip --out @faces", "holds other files, such as test; choose a new or an empty")]
    public void Run_WhatWouldTakeAnothersPlace_IsRefused(string command, string says)
    {
        var before = Content();

        var (code, output, error) = Run(command);

        Assert.NotEqual(CommandLine.Done, code);
        Assert.Equal("", output);
        Assert.Contains(says.Replace("@", _temp.Path + "/", StringComparison.Ordinal), error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.Equal(before, Content());
    }

    /// <summary>Their inputs are no generators, which is found out after the names were looked at.</summary>
    [Theory]
    [InlineData("gan sheet @resnet.safetensors --out @drawn.png")]
    [InlineData("gan export @resnet.safetensors --out @exported.safetensors")]
    [InlineData("gan sheet @resnet.safetensors --out @g/sheet.png")]
    [InlineData("gan sheet @resnet.safetensors --out @empty.png")]
    [InlineData("gan sheet @resnet.safetensors --out /dev/null")]
    public void Run_WhereItWroteBeforeOrNothingIs_IsNotRefusedForThat(string command)
    {
        File.WriteAllBytes(_temp["drawn.png"], ImageCodec.EncodePng(new byte[4], new(1, 2, 2), SyntheticMark.Of("hash")));
        SafetensorsFile.Write(_temp["exported.safetensors"], Format(GeneratorFile.Format), []);
        File.WriteAllText(_temp["empty.png"], "");

        Assert.Contains("is no generator", Run(command).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Split_Again_TakesThePlaceOfTheSplit()
    {
        var set = ToyFaces.Draw(new(70, 1, Size: 12)).Set;
        ImageSetFile.Save(_temp["set.safetensors"], set);
        foreach (var seed in new[] { "1", "2" })
        {
            var (code, _, error) = Run($"data split @set.safetensors --tear-duplicates --seed {seed} --out @s.csv");
            Assert.True(code == CommandLine.Done, error);
        }
    }

    [Fact]
    public void All_OptionsThatNameAFile_AreInTheTable()
    {
        string[] folders = ["run", "gan train", "classify train", "gan project", "generate", "data import"];
        var outs = Verbs(CommandLine.Create(), "")
            .SelectMany(v => v.Command.Options.Select(o => (v.Path, o.Name)))
            .Where(o => o.Name is "--out" or "--strip" or "--factors" || o is { Path: "classify predict", Name: "--selection" })
            .Where(o => !folders.Contains(o.Path) || o.Name != "--out");
        Assert.Equal(outs.Order(), OutputFiles.All.Select(f => (f.Verb, f.Option)).Order());
    }

    private static Dictionary<string, string> Format(string format) => new() { ["format"] = format };

    private static IEnumerable<(string Path, Command Command)> Verbs(Command command, string path) => command.Subcommands
        .SelectMany(c => Verbs(c, $"{path} {c.Name}".Trim()).Prepend(($"{path} {c.Name}".Trim(), c)));

    private (int Code, string Output, string Error) Run(string command)
    {
        using StringWriter output = new(), error = new();
        var code = CommandLine.Run([.. command.Split(' ').Select(w => w.StartsWith('@') ? _temp[w[1..]] : w)], output, error);
        return (code, output.ToString(), error.ToString());
    }

    private List<string> Content() => [.. Directory.EnumerateFiles(_temp.Path, "*", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal).Select(f => $"{f} {Fingerprint.OfFile(f)}")];
}
