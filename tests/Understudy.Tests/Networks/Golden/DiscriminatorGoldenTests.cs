using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Understudy.Tests.Networks.Golden;

[Collection("torch")]
public sealed class DiscriminatorGoldenTests(ITestOutputHelper output)
{
    public static TheoryData<string> Sets => GoldenSets.With("discriminator.safetensors");

    [Theory, MemberData(nameof(Sets))]
    public void Discriminator_StoredWeights_GivesTheReferencesLogits(string set)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var golden = new GoldenFile(set, "discriminator.safetensors");
        using var d = golden.Discriminator();

        var logits = d.call(golden["img"], golden["c"]);

        output.WriteLine($"{Path.GetFileName(set)} logits: max error {Near.MaxDifference(logits, golden["logits"]):g3}");
        Near.Equal(golden["logits"], logits, 1e-5);
    }
}
