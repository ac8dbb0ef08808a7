using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using Understudy.Data;
using Understudy.Networks.Classifiers;
using Understudy.Tests.Networks;
using Understudy.Tests.Training.Classification;
using Understudy.Training.Classification;

namespace Understudy.Tests.Cli.Verbs;

/// <summary><c>classify</c> with weights learnt elsewhere, and taking a classifier elsewhere.</summary>
[Collection("torch")]
public sealed class ClassifyWeightsVerbTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("understudy-classify-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string At(params string[] path) => Path.Combine([_folder, .. path]);

    private static (int Code, string Output, string Error) Run(params string[] args) => CommandRun.Of(["classify", .. args]);

    [Fact]
    public void TrainTestExport_FromPublishedWeights_TellWhatWasTaken()
    {
        ImageSetFile.Save(At("set.safetensors"), Stripes.Draw(90, noise: 30));
        using (var net = ClassifierNet.Create("screening", new(3, 16, 16), 10, 0, 4))
            File.WriteAllBytes(At("w.pth"), TorchFiles.SharedStorage(net));
        string[] train = ["train", At("set.safetensors"), "--weights", At("w.pth"), "--arch", "screening", "--size", "16",
            "--batch", "16", "--epochs", "2"];

        var (code, _, error) = Run([.. train, "--out", At("folded"), "--normalise", "none", "--layer-decay", ".5"]);
        Assert.True(code == 0, error);
        Assert.Contains("arrays loaded; folded to grey: conv1.weight; left at their initial values: fc.weight, fc.bias", error,
            StringComparison.Ordinal);
        var options = TrainedClassifier.ReadAbout(At("folded", "classifier.safetensors")).Options;
        Assert.Equal((Normalisation.None, .5, 3e-4, ClassifierOptimiser.AdamW),
            (options.Normalise, options.LayerDecay, options.PeakRate, options.Optimiser));

        (code, _, error) = Run([.. train, "--out", At("frozen"), "--frozen", "--features", At("features")]);
        Assert.True(code == 0, error);
        options = TrainedClassifier.ReadAbout(At("frozen", "classifier.safetensors")).Options;
        Assert.Equal((true, Normalisation.Imagenet), (options.Frozen, options.Normalise));
        Assert.NotEmpty(Directory.GetFiles(At("features")));
        (code, var output, error) = Run("test", At("frozen"), At("set.safetensors"), "--json");
        Assert.True(code == 0, error);
        Assert.Equal(18, JsonDocument.Parse(output).RootElement.GetProperty("images").GetInt32());

        // A classifier of ours as the start, by its run's folder: its own normalisation, and its last layer too.
        (code, _, error) = Run("train", At("set.safetensors"), "--weights", At("frozen"), "--arch",
            "screening", "--size", "16",
            "--epochs", "1", "--out", At("again"));
        Assert.True(code == 0, error);
        Assert.DoesNotContain("left at", error, StringComparison.Ordinal);
        Assert.Equal(Normalisation.Imagenet,
            TrainedClassifier.ReadAbout(At("again", "classifier.safetensors")).Options.Normalise);

        (code, output, error) = Run("export", At("frozen"), "--out", At("c.onnx"));
        Assert.True(code == 0, error);
        Assert.Contains("in   pixels [batch, 1, 16, 16], float32, 0 to 255, grey", output, StringComparison.Ordinal);
        Assert.Contains("out  logits, probabilities [batch, 3]: across, down, slanted", output, StringComparison.Ordinal);
        using var session = new InferenceSession(At("c.onnx"));
        Assert.Equal(["pixels"], session.InputNames);
    }

    [Fact]
    public void Verbs_MistakesAboutWeights_AreToldInOneLineWithExitCodeTwo()
    {
        ImageSetFile.Save(At("set.safetensors"), Stripes.Draw(30));
        File.WriteAllText(At("text.pth"), "no weights");
        string[] train = ["train", At("set.safetensors"), "--out", At("r"), "--size", "32"];
        foreach (var (args, expected) in new (string[], string)[]
        {
            (["--weights", At("none.pth"), "--arch", "screening"],
                "none.pth is no file; docs/guide/weights.md says which to download"),
            (["--weights", At("text.pth")], "--weights: name the network that they are of with --arch"),
            (["--weights", At("text.pth"), "--arch", "screening"], "text.pth: neither safetensors nor weights of PyTorch"),
            (["--weights", TorchFiles.PathOf("whole-zip"), "--arch", "screening"],
                "asks for torch.nn.modules.container.Sequential: refused"),
            (["--weights", TorchFiles.PathOf("module-zip"), "--arch", "screening"],
                "is of another network: it lacks conv1.weight"),
            (["--weights", At("text.pth"), "--arch", "screening", "--normalise", "zero"],
                "--normalise: 'zero' is not known; one of: imagenet, none"),
            (["--frozen", "--arch", "screening"], "--frozen is about weights learnt elsewhere; give them with --weights"),
            (["--weights", At("text.pth"), "--frozen"], "--weights: name the network that they are of with --arch"),
            (["--weights", At("text.pth"), "--recipe", "a"],
                "--recipe a: is a training from random weights; with --weights give its network, --arch recipe-a"),
            (["--weights", At("text.pth"), "--recipe", "z"], "recipe: 'z' is not known; one of: screening, a, b, smoke"),
            (["--layer-decay", "2"], "layer_decay: 2 is out of range; give 0.01 to 1"),
        })
        {
            var (code, _, error) = Run([.. train, .. args]);
            Assert.Contains(expected, error, StringComparison.Ordinal);
            Assert.Equal(2, code);
        }
        Assert.Equal(2, Run("export", At("set.safetensors"), "--out", At("c.onnx")).Code);
        Assert.False(File.Exists(At("c.onnx")));
    }
}
