using System.Text.Json;
using Understudy.Cli;

namespace Understudy.Tests.Cli.Verbs;

[Collection("torch")]
public sealed class BenchClassifyVerbTests
{
    private static readonly string[] Small = ["bench", "classify", "--recipe", "smoke", "--batch", "4", "--seconds", "0.01"];

    private static (int Code, string Output, string Error) Run(params string[] arguments) => CommandRun.Of(arguments);

    [Fact]
    public void Bench_OneRecipe_IsAMarkdownTableOfBothPrecisionsWithTheMachine()
    {
        var (code, output, _) = Run([.. Small, "--size", "16"]);
        Assert.Equal(CommandLine.Done, code);
        var lines = output.Split('\n');
        Assert.Equal(
            "| network | size | batch | precision | parameters | MACs | train images/s | GFLOP/s | share | loading | predict images/s "
            + "| GFLOP/s | share | convolution GFLOP/s |", lines[0]);
        Assert.Equal("|" + string.Concat(Enumerable.Repeat("---|", 14)), lines[1]);
        Assert.StartsWith("| screening | 1×16×16 | 4 | float32 | 0.31 M | 1 M | ", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("| screening | 1×16×16 | 4 | bfloat16 | ", lines[3], StringComparison.Ordinal);
        Assert.Equal("", lines[4]);
        Assert.Matches(@" threads?, .*, libtorch .*, understudy ", lines[5]);
    }

    [Fact]
    public void Bench_AsJson_HoldsOneRecordPerMeasurement()
    {
        var (code, output, _) =
            Run([.. Small, "--arch", "vgg8", "--precision", "bfloat16", "--channels", "3", "--size", "32", "--json"]);
        Assert.Equal(CommandLine.Done, code);
        var records = JsonDocument.Parse(output).RootElement.EnumerateArray().ToList();
        Assert.Equal(["screening", "vgg8"], records.Select(r => r.GetProperty("arch").GetString()));
        Assert.All(records, r => Assert.True(r.GetProperty("training").GetProperty("images_per_second").GetDouble() > 0));
    }

    [Theory]
    [InlineData("--recipe z", "recipe: 'z' is not known")]
    [InlineData("--arch vit", "arch: 'vit' is not known")]
    [InlineData("--precision fp8", "--precision: 'fp8' is not known; one of: float32, bfloat16")]
    [InlineData("--channels 2", "--channels: '2' is not known; one of: 1, 3")]
    [InlineData("--size 7", "size: 7 is out of range; give 8 to 1024")]
    [InlineData("--seconds 0", "seconds: 0 is out of range")]
    public void Bench_Mistake_IsNamed(string arguments, string message)
    {
        var (code, _, error) = Run(["bench", "classify", .. arguments.Split(' ')]);
        Assert.Equal(CommandLine.Mistake, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }
}
