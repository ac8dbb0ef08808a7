using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Understudy.Data;
using Understudy.Networks;
using Understudy.Networks.Classifiers;
using Understudy.Tests.Networks.Classifiers;
using static TorchSharp.torch;

namespace Understudy.Tests.Networks;

/// <summary>ONNX Runtime gives the logits of every network.</summary>
[Collection("torch")]
public sealed class OnnxFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".onnx");

    public static TheoryData<string> Names => [.. ClassifierNet.Names];

    public void Dispose() => File.Delete(_path);

    [Theory, MemberData(nameof(Names))]
    public void Write_EveryNetwork_GivesItsLogitsInOnnxRuntime(string arch)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        const int side = 32, classes = 5;
        var shape = new ImageShape(1, side, side);
        using var net = ClassifierNet.Uninitialised(arch, shape, classes, dropout: .5);
        Formula.Fill(net, gain: 3);
        net.eval();
        OnnxFile.Write(_path, net, shape, classes, new Dictionary<string, string> { ["classes"] = "a,b,c,d,e" });

        var image = Formula.Image(3, 1, side);
        var expected = net.call(image).data<float>().ToArray();
        using var options = new SessionOptions { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        using var session = new InferenceSession(_path, options);
        Assert.Equal("a,b,c,d,e", session.ModelMetadata.CustomMetadataMap["classes"]);
        var input = new DenseTensor<float>(image.data<float>().ToArray(), [3, 1, side, side]);
        using var results = session.Run([NamedOnnxValue.CreateFromTensor(OnnxFile.Input, input)]);
        var logits = results.Single(r => r.Name == OnnxFile.Output).AsTensor<float>();
        Assert.Equal([3, classes], logits.Dimensions.ToArray());
        var scale = Math.Max(1, expected.Max(MathF.Abs));
        foreach (var (e, a) in expected.Zip(logits.ToArray())) Assert.True(Math.Abs(e - a) <= 1e-4 * scale, $"{arch}: {a} for {e}");
    }
}
