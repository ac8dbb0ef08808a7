using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Understudy.Data;
using Understudy.Networks.Classifiers;
using Understudy.Tests.Networks.Classifiers;
using Understudy.Training.Classification;
using static TorchSharp.torch;

namespace Understudy.Tests.Training.Classification;

/// <summary>ONNX Runtime, given pixels, answers as the classifier does.</summary>
[Collection("torch")]
public sealed class ClassifierOnnxTests : IDisposable
{
    private const int Side = 32;

    private readonly string _folder = Directory.CreateTempSubdirectory("understudy-onnx-").FullName;

    public static TheoryData<string> Names => [.. ClassifierNet.Names];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory, MemberData(nameof(Names))]
    public void Write_EveryNetwork_AnswersInOnnxRuntimeAsThePredictor(string arch)
    {
        using var scope = NewDisposeScope();
        // Networks of photographs as their published weights take images, the others as they learn from scratch.
        var normalise = ClassifierNet.NaturalSide(arch) == 224 ? Normalisation.Imagenet : Normalisation.None;
        using var classifier = Classifier(arch, normalise, channels: 1, flip: true);
        var set = Stripes.Draw(3, side: Side);
        var (logits, probabilities) = Ask(classifier, set, mirror: true);
        RequireDifferent(logits, 3, arch);
        Near(Logits(classifier, set), logits, arch);
        Near(ClassifierPredictor.Probabilities(classifier, set).Cast<float>(), probabilities, arch);
    }

    /// <summary>Odd and natural sides, RGB, two classes and a thousand.</summary>
    [Theory]
    [InlineData("recipe-a", 33, 1, 2)]
    [InlineData("mini-xception", 37, 3, 2)]
    [InlineData("vgg8", 35, 3, 5)]
    [InlineData("mobilenet-v3-small-48", 25, 3, 4)]
    [InlineData("mobilenet-v3-small", 224, 3, 1000)]
    [InlineData("efficientnet-b0-48", 45, 3, 7)]
    public void Write_OfAnotherShape_AnswersInOnnxRuntimeAsThePredictor(string arch, int side, int channels, int classes)
    {
        using var scope = NewDisposeScope();
        var normalise = channels == 3 ? Normalisation.Imagenet : Normalisation.None;
        using var classifier = Classifier(arch, normalise, channels, flip: true, side: side, classes: classes);
        var set = Stripes.Draw(3, side: side, channels: channels);
        var (logits, probabilities) = Ask(classifier, set, mirror: true);
        Assert.Equal(3 * classes, logits.Length);
        RequireDifferent(logits, classes, arch);
        Near(Logits(classifier, set), logits, arch);
        Near(ClassifierPredictor.Probabilities(classifier, set).Cast<float>(), probabilities, arch);
    }

    [Theory, InlineData(true, 2.5), InlineData(false, .4)]
    public void Write_Calibrated_GivesThePredictorsProbabilities(bool flip, double temperature)
    {
        using var scope = NewDisposeScope();
        using var classifier = Classifier("screening", Normalisation.None, channels: 1, flip, temperature);
        Assert.Equal(temperature, classifier.About.Temperature);
        var set = Stripes.Draw(3, side: Side);
        var (logits, probabilities) = Ask(classifier, set, mirror: true);
        Near(Logits(classifier, set), logits, "logits");
        Near(ClassifierPredictor.Probabilities(classifier, set).Cast<float>(), probabilities, "probabilities");
    }

    [Theory, InlineData(1), InlineData(3)]
    public void Write_WithoutTheMirrorImage_GivesTheSoftmaxOfTheImage(int channels)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var classifier = Classifier("screening", Normalisation.Imagenet, channels, flip: true);
        var set = Stripes.Draw(2, side: Side, channels: channels);
        var (logits, probabilities) = Ask(classifier, set, mirror: false);
        Near(Logits(classifier, set), logits, "screening");
        Near(nn.functional.softmax(classifier.Net.call(Batches.Images(set, 0, 2)), 1).data<float>(), probabilities, "screening");
    }

    [Fact]
    public void Write_ItsMetadata_NamesClassesAndInput()
    {
        using var classifier = Classifier("screening", Normalisation.None, channels: 1, flip: false);
        ClassifierOnnx.Write(Path.Combine(_folder, "c.onnx"), classifier);
        using var session = new InferenceSession(Path.Combine(_folder, "c.onnx"));
        var about = session.ModelMetadata.CustomMetadataMap;
        Assert.Equal("""["across","down","slanted"]""", about["classes"]);
        Assert.Equal("pixels: float32 [batch, 1, 32, 32], grey, 0 to 255", about["input"]);
        Assert.Equal("false", about["mirror_average"]);
        Assert.Equal([-1, 1, 32, 32], session.InputMetadata["pixels"].Dimensions);
        Assert.Equal([-1, 3], session.OutputMetadata["probabilities"].Dimensions);
        Assert.Equal(["logits", "probabilities"], session.OutputNames);
    }

    private TrainedClassifier Classifier(string arch, Normalisation normalise, int channels, bool flip, double temperature = 1,
        int side = Side, int classes = 3)
    {
        var options = ClassifierOptions.For(arch) with
        {
            Size = side,
            EarlySize = side,
            Normalise = normalise,
            FlipAverage = flip,
            Calibrate = temperature != 1,
        };
        var path = Path.Combine(_folder, arch + ".safetensors");
        var shape = new ImageShape(normalise == Normalisation.None ? channels : 3, side, side);
        using var net = ClassifierNet.Uninitialised(arch, shape, classes, dropout: .3);
        Formula.Fill(net, TorchvisionTests.GainOf(arch) ?? 3);
        var names = classes == 3 ? Stripes.Classes : new ClassNames(Enumerable.Range(0, classes).Select(k => $"class {k}"));
        TrainedClassifier.Save(path, net, new(options, names, channels, "split", 1, new(1, 1, 0, 0, 0), temperature));
        return TrainedClassifier.Load(path);
    }

    /// <summary>All images in one call; then the first alone, which must not change its answer.</summary>
    private (float[] Logits, float[] Probabilities) Ask(TrainedClassifier classifier, ImageSet set, bool mirror)
    {
        var path = Path.Combine(_folder, "c.onnx");
        ClassifierOnnx.Write(path, classifier, mirror);
        using var options =
            new SessionOptions { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        using var session = new InferenceSession(path, options);
        (float[] Logits, float[] Probabilities) Run(int count)
        {
            var pixels = set.Pixels[..(count * set.Shape.Size)].ToArray().Select(b => (float)b).ToArray();
            var input = new DenseTensor<float>(pixels, [count, set.Shape.Channels, set.Shape.Height, set.Shape.Width]);
            using var results = session.Run([NamedOnnxValue.CreateFromTensor(ClassifierOnnx.Input, input)]);
            float[] Named(string name) => [.. results.Single(r => r.Name == name).AsTensor<float>()];
            return (Named(ClassifierOnnx.Logits), Named(ClassifierOnnx.Probabilities));
        }
        var all = Run(set.Count);
        Near(all.Probabilities[..classifier.About.Classes.Count], Run(1).Probabilities, "one image");
        return all;
    }

    private static float[] Logits(TrainedClassifier classifier, ImageSet set)
    {
        using var off = no_grad();
        return classifier.Net.call(Batches.Images(set, 0, set.Count)).data<float>().ToArray();
    }

    /// <summary>Logits that follow the weights alone would hide what is done to the image.</summary>
    private static void RequireDifferent(float[] logits, int classes, string arch)
    {
        var scale = Math.Max(1, logits.Max(MathF.Abs));
        var largest = Enumerable.Range(0, classes).Max(k => Math.Abs(logits[k] - logits[classes + k]));
        Assert.True(largest > 1e-2 * scale, $"{arch}: the logits of two images differ by {largest}, at a scale of {scale}");
    }

    private static void Near(IEnumerable<float> expected, float[] actual, string what)
    {
        float[] wanted = [.. expected];
        Assert.Equal(wanted.Length, actual.Length);
        var scale = Math.Max(1, wanted.Max(MathF.Abs));
        foreach (var (e, a) in wanted.Zip(actual)) Assert.True(Math.Abs(e - a) <= 1e-4 * scale, $"{what}: {a} for {e}");
    }
}
