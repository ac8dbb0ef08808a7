namespace Understudy.Reporting;

/// <summary>report.html.</summary>
internal static class HtmlReport
{
    public static string Write(ReportModel model) => $"<!DOCTYPE html><title>{System.Net.WebUtility.HtmlEncode(model.Study.Name)}</title>";
}
